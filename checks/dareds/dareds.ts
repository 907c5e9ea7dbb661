import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Check, Figures } from '../check.ts'
import { readDialectTerms, type DialectTerms } from './dialectTerms.ts'
import { byChance, meanOf, retrievalAt, type Retrieval } from './retrieval.ts'
import { stateRankings, type StateRanking } from './stateRankings.ts'

const shared = resolve('../shared/corpora')
/** Where the terms and American authors with their places lie, unless they are named. */
const usual = {
  terms: `${shared}/dareds/geodare.cleansed.filtered.json`,
  corpus: ['dev', 'train-partial'].map((part) => `${shared}/geotext/user_info.${part}.gz`),
}
const depths = [10, 50, 100, 500, 1000]

/**
 * Whether lists of typical words hold what dialectologists wrote down: terms of a state among the words by which it is typical,
 * against the commonest words and against chance.
 */
export const dareds: Check = {
  async run({ say, files }) {
    const { terms = usual.terms, corpus = usual.corpus } = files
    const missing = [terms, ...corpus].filter((file) => !existsSync(file))
    if (missing.length > 0) {
      say(
        `Skipped: ${missing.join(', ')} is not there. Name files with --terms FILE and --corpus FILE (a line an author).`,
      )
      return { skipped: true }
    }
    const known = await readDialectTerms(terms)
    say(
      `${known.leftOut.regions} terms of regions that are no state and ${known.leftOut.phrases} of several words are left out.`,
    )
    return scoredRankings(await stateRankings(corpus), known)
  },
}

/** Precision and recall at some depths, averaged over the states of which a term is used. */
export function scoredRankings(rankings: StateRanking[], { ofState }: Pick<DialectTerms, 'ofState'>): Figures {
  const asked = rankings.flatMap(({ state, words }) => {
    const terms = ofState.get(state) ?? new Set()
    // A term that nobody uses cannot be found by any ranking.
    const relevant = new Set(words.map(({ word }) => word).filter((word) => terms.has(word)))
    if (relevant.size === 0) return []
    const byUse = [...words].sort((a, b) => b.inside - a.inside || (a.word < b.word ? -1 : 1))
    const names = (of: typeof words) => of.map(({ word }) => word)
    return [{ state, typical: names(words), frequent: names(byUse), relevant }]
  })
  const terms = asked.reduce((sum, { relevant }) => sum + relevant.size, 0)
  if (asked.length === 0) return { states: 0, terms }
  const mean = (rank: (one: (typeof asked)[number]) => Retrieval): Figures => ({ ...meanOf(asked.map(rank)) })
  return {
    states: asked.length,
    terms,
    ...Object.fromEntries(
      depths.map((k) => [
        `at${k}`,
        {
          typical: mean((one) => retrievalAt(k, one.typical, one.relevant)),
          frequency: mean((one) => retrievalAt(k, one.frequent, one.relevant)),
          chance: mean((one) => byChance(k, one.typical.length, one.relevant.size)),
        },
      ]),
    ),
  }
}
