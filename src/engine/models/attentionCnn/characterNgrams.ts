import type { CharacterSettings } from '#protocol/models/attentionCnn.ts'
import { mixedHash } from '#engine/models/learning/mixedHash.ts'

/**
 * Buckets of a word's n-grams of characters, with a mark on both of its sides (Bojanowski et al. 2017, section 3.2): n-grams are
 * hashed, and several share a bucket. A word without a single one has none.
 */
export function characterNgrams(word: string, { ngrams: [least, most], buckets }: CharacterSettings): number[] {
  const characters = Array.from(`<${word}>`, (character) => character.codePointAt(0)!)
  const found: number[] = []
  for (let from = 0; from < characters.length; from++) {
    let hash = 0x811c9dc5
    const longest = Math.min(most, characters.length - from)
    for (let n = 1; n <= longest; n++) {
      hash = Math.imul(hash ^ characters[from + n - 1]!, 0x01000193)
      if (n >= least) found.push(mixedHash(hash) % buckets)
    }
  }
  return found
}
