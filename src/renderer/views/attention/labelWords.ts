import type { LabelAttention } from '#protocol/runs.ts'

/** What makes a word a label's: how much the label's probability owes to it, or how much the network looks at it. */
export type WordMeasure = 'effect' | 'attention'

export interface LabelWord {
  word: string
  /** Log-odds, or times the uniform weight. */
  value: number
  documents: number
}

/** Words of a label by a measure, the greatest first. */
export const wordsBy = (measure: WordMeasure, { effects, words }: LabelAttention): LabelWord[] =>
  measure === 'effect'
    ? effects.map(({ word, effect, documents }) => ({ word, value: effect, documents }))
    : words.map(({ word, weight, documents }) => ({ word, value: weight, documents }))

export const wordMeasures: { id: WordMeasure; title: string; column: string; digits: number; none: string }[] = [
  {
    id: 'effect',
    title: 'Greatest effect',
    column: 'Words with the greatest effect, log-odds',
    digits: 2,
    none: 'it owes nothing to a word in two of its documents',
  },
  {
    id: 'attention',
    title: 'Most attention',
    column: 'Words with most attention, × uniform',
    digits: 1,
    none: 'no word in two of its documents',
  },
]
