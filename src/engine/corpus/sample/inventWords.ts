import type { Random } from '#engine/random.ts'

const onsets = ['b', 'br', 'c', 'ch', 'd', 'dr', 'f', 'fl', 'g', 'gr', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'pl', 'qu', 'r', 's', 'sh', 'sk', 'st', 't', 'tr', 'v', 'w', 'z']
const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'oo', 'ou']
const codas = ['', '', '', 'n', 'r', 'l', 's', 't', 'm', 'ck', 'nd', 'sh']

/** Distinct invented words of one to three syllables, in the order in which they were drawn. */
export function inventWords(random: Random, count: number): string[] {
  const words = new Set<string>()
  const pick = (from: string[]) => from[random.below(from.length)]!
  while (words.size < count) {
    let word = ''
    for (let syllable = 0; syllable <= random.below(3); syllable++) word += pick(onsets) + pick(vowels) + pick(codas)
    if (word.length >= 4) words.add(word)
  }
  return [...words]
}
