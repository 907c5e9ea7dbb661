import type { TfIdfSettings } from '#protocol/models/tfIdf.ts'
import type { StageContext } from '#engine/context.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { wordsOf, type ModelDocuments } from '#engine/models/method.ts'
import { pause } from '#engine/pause.ts'
import { fitTfIdf, tfIdfRows, type TfIdf, type TfIdfRows } from './tfIdf.ts'

/** Documents as rows of numbers: tf-idf of their words, or the vectors that a person brought for them. */

/** Values that are written between two pauses. */
const valuesBetweenPauses = 5_000_000

/** The columns of rows. Vectors have as many as they have numbers, each of weight one, and no word has one of them. */
export async function fitColumns(
  settings: TfIdfSettings,
  documents: ModelDocuments,
  train: Int32Array,
  vocabularySize: number,
  context: Pick<StageContext, 'signal'>,
): Promise<TfIdf> {
  if (documents.input !== 'vectors') return fitTfIdf(settings, wordsOf(documents), train, vocabularySize, context)
  const { columns } = documents.vectors
  return { frequency: settings.frequency, columnOf: new Int32Array(0), idf: new Float32Array(columns).fill(1) }
}

/** Chosen documents as rows of the columns. */
export const documentRows = (
  columns: TfIdf,
  documents: ModelDocuments,
  chosen: Int32Array,
  context: Pick<StageContext, 'signal'>,
): Promise<TfIdfRows> =>
  documents.input === 'vectors'
    ? vectorRows(documents.vectors, chosen, context)
    : tfIdfRows(columns, wordsOf(documents), chosen, context)

/** Numbers as they are: nothing is scaled, and nought is left out. */
async function vectorRows(
  { columns: width, values }: Matrix,
  chosen: Int32Array,
  context: Pick<StageContext, 'signal'>,
): Promise<TfIdfRows> {
  const rows: TfIdfRows = {
    starts: new Float64Array(chosen.length + 1),
    columns: new Int32Array(chosen.length * width),
    values: new Float32Array(chosen.length * width),
  }
  let end = 0
  let work = 0
  for (const [row, document] of chosen.entries()) {
    for (let column = 0; column < width; column++) {
      const value = values[document * width + column]!
      if (value === 0) continue
      rows.columns[end] = column
      rows.values[end++] = value
    }
    rows.starts[row + 1] = end
    work += width
    if (work < valuesBetweenPauses) continue
    work = 0
    await pause(context)
  }
  return { ...rows, columns: rows.columns.slice(0, end), values: rows.values.slice(0, end) }
}
