import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import { characterNgrams } from './characterNgrams.ts'
import type { Batch } from './batches.ts'

/**
 * Of which rows of the matrix the vectors of some words are made. A word of the vocabulary has a row of its own. With characters,
 * those of its n-grams, which follow the vocabulary's, are added to it, and stand alone for a word that the vocabulary lacks.
 */
export interface WordRows {
  /** Own row of each word, -1 where it has none. */
  own: Int32Array
  /** Rows of the n-grams of word i: rows.subarray(offsets[i], offsets[i + 1]). null without characters. */
  ngrams: { offsets: Int32Array; rows: Int32Array } | null
}

/** Rows that n-grams have behind those of the vocabulary. */
export const ngramRowCount = ({ characters }: Pick<AttentionCnnSettings, 'characters'>): number =>
  typeof characters === 'object' ? characters.buckets : 0

/** @param matrixRows of words and n-grams together */
export function listWordRows(
  { characters }: Pick<AttentionCnnSettings, 'characters'>,
  matrixRows: number,
  { distinct, spell }: Pick<Batch, 'distinct' | 'spell'>,
): WordRows {
  if (typeof characters !== 'object') return { own: distinct, ngrams: null }
  const vocabulary = matrixRows - characters.buckets
  const rows: number[] = []
  const offsets = new Int32Array(distinct.length + 1)
  distinct.forEach((id, word) => {
    for (const bucket of characterNgrams(spell!(id), characters)) rows.push(vocabulary + bucket)
    offsets[word + 1] = rows.length
  })
  return {
    own: distinct.map((id) => (id < vocabulary ? id : -1)),
    ngrams: { offsets, rows: Int32Array.from(rows) },
  }
}
