import type { StageContext } from '#engine/context.ts'
import { logOddsZ } from '../ranking/logOdds.ts'
import { usersOf } from '../ranking/testUnits.ts'
import { unitUsers, type UnitUsers } from '../ranking/unitUsers.ts'
import type { CorpusTokens } from '../tokens/corpusTokens.ts'

export interface WordOfSelection {
  word: string
  z: number
  inside: number
  outside: number
}

export interface SelectionOptions {
  /** By document among the tokens: 1 inside, 0 outside, 2 where a document does not count. */
  side: Uint8Array
  /** Who use a word, inside and outside together. */
  minInformants: number
  isWanted(word: string): boolean
}

/**
 * Words by the log-odds ratio of using them inside a selection against outside, greatest first; ties in the words' order.
 * Informants count, not tokens: one who writes much is one. An informant with documents on both sides counts on both.
 */
export async function typicalWords(
  tokens: CorpusTokens,
  { side, minInformants, isWanted }: SelectionOptions,
  context: StageContext,
): Promise<{ informants: { inside: number; outside: number }; words: WordOfSelection[] }> {
  const of = (wanted: number) =>
    unitUsers(
      tokens,
      { units: 'words', minInformants: 1, documents: side.map((value) => (value === wanted ? 1 : 0)), isWanted },
      context,
    )
  const [within, without] = [await of(1), await of(0)]
  const informants = { inside: informantsOf(within), outside: informantsOf(without) }
  const outside = new Map(without.names.map((name, unit) => [name, usersOf(without, unit).length]))
  const words: WordOfSelection[] = []
  within.names.forEach((word, unit) => {
    const counts = {
      inside: usersOf(within, unit).length,
      insideOf: informants.inside,
      outside: outside.get(word) ?? 0,
      outsideOf: informants.outside,
    }
    if (counts.inside + counts.outside < minInformants) return
    words.push({ word, z: logOddsZ(counts), inside: counts.inside, outside: counts.outside })
  })
  words.sort((a, b) => b.z - a.z || (a.word < b.word ? -1 : 1))
  return { informants, words }
}

const informantsOf = ({ lengths }: UnitUsers) => lengths.reduce((count, length) => count + (length > 0 ? 1 : 0), 0)
