import { EngineError } from '#protocol/errors.ts'
import type { TfIdfSettings } from '#protocol/models/tfIdf.ts'
import type { StageContext } from '#engine/context.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { pause } from '#engine/pause.ts'

/** What a word counts for, by training documents. */
export interface TfIdf {
  frequency: TfIdfSettings['frequency']
  /** The column of each word of the vocabulary; -1 where it has none. */
  columnOf: Int32Array
  /** ln((1 + N) / (1 + df)) + 1 of each column. */
  idf: Float32Array
}

/** Row i has the columns `columns[starts[i]]` to `columns[starts[i + 1] - 1]`, once each, and their values beside them. */
export interface TfIdfRows {
  starts: Float64Array
  columns: Int32Array
  values: Float32Array
}

const documentsBetweenPauses = 2000

/** Columns and weights of words, from training documents alone; idf is smoothed as scikit-learn smooths it. */
export async function fitTfIdf(
  { frequency, minDocuments, maxShare }: TfIdfSettings,
  { ids, offsets }: EncodedDocuments,
  train: Int32Array,
  vocabularySize: number,
  context: Pick<StageContext, 'signal'>,
): Promise<TfIdf> {
  const inDocuments = new Int32Array(vocabularySize)
  const last = new Int32Array(vocabularySize).fill(-1)
  for (const [visited, document] of train.entries()) {
    if (visited % documentsBetweenPauses === documentsBetweenPauses - 1) await pause(context)
    for (let i = offsets[document]!; i < offsets[document + 1]!; i++) {
      const word = ids[i]!
      if (last[word] === document) continue
      last[word] = document
      inDocuments[word]!++
    }
  }
  const most = maxShare * train.length
  const columnOf = new Int32Array(vocabularySize).fill(-1)
  const idf: number[] = []
  inDocuments.forEach((documents, word) => {
    if (documents < minDocuments || documents === 0 || documents > most) return
    columnOf[word] = idf.length
    idf.push(Math.log((1 + train.length) / (1 + documents)) + 1)
  })
  return { frequency, columnOf, idf: Float32Array.from(idf) }
}

/** @throws EngineError 'training/no-words' where no word stands in documents enough */
export function requireColumns(
  { idf }: TfIdf,
  { minDocuments, maxShare }: Pick<TfIdfSettings, 'minDocuments' | 'maxShare'>,
  documents: number,
): void {
  if (idf.length > 0) return
  throw new EngineError(
    'training/no-words',
    `No word stands in at least ${minDocuments} and at most a share ${maxShare} of ${documents} training documents. ` +
      'Lower minDocuments, or raise maxShare.',
  )
}

/** Chosen documents as rows of length 1, or 0 where no word has a column. */
export async function tfIdfRows(
  { frequency, columnOf, idf }: TfIdf,
  { ids, offsets }: EncodedDocuments,
  chosen: Int32Array,
  context: Pick<StageContext, 'signal'>,
): Promise<TfIdfRows> {
  let most = 0
  for (const document of chosen) most += offsets[document + 1]! - offsets[document]!
  const [starts, columns, values] = [new Float64Array(chosen.length + 1), new Int32Array(most), new Float32Array(most)]
  const times = new Int32Array(idf.length)
  let end = 0
  for (const [row, document] of chosen.entries()) {
    if (row % documentsBetweenPauses === documentsBetweenPauses - 1) await pause(context)
    const start = end
    for (let i = offsets[document]!; i < offsets[document + 1]!; i++) {
      const column = columnOf[ids[i]!]!
      if (column >= 0 && times[column]!++ === 0) columns[end++] = column
    }
    let squares = 0
    for (let i = start; i < end; i++) {
      const column = columns[i]!
      const value = idf[column]! * (frequency === 'binary' ? 1 : 1 + Math.log(times[column]!))
      times[column] = 0
      values[i] = value
      squares += value * value
    }
    const length = Math.sqrt(squares)
    for (let i = start; i < end; i++) values[i]! /= length
    starts[row + 1] = end
  }
  return { starts, columns: columns.slice(0, end), values: values.slice(0, end) }
}
