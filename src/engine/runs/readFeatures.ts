import { EngineError } from '#protocol/errors.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { requireFinite } from '#engine/files/artefactFile.ts'
import { readNpy } from '#engine/files/npy.ts'

/**
 * Vectors of documents that a person brings: a .npy of numbers with a row for each of documents.parquet, in its order.
 * @param documents of the corpus
 * @throws EngineError 'model/features' where the array is not of this form
 */
export async function readFeatures(file: string, documents: number): Promise<Matrix> {
  const { values, shape } = await readNpy(file, ({ shape }) =>
    shape.length === 2 ? null : `its shape is (${shape.join(', ')}), expected (documents, numbers)`,
  ).catch((cause: unknown) => {
    throw new EngineError(
      'model/features',
      `${file} cannot be read as vectors of documents: ${(cause as Error).message} Write a .npy of float32 with a row for each document.`,
      { file },
      { cause },
    )
  })
  const [rows, columns] = shape as [number, number]
  if (rows !== documents || columns === 0)
    throw new EngineError(
      'model/features',
      `${file} has ${rows} rows of ${columns} numbers, expected ${documents} rows, one for each row of documents.parquet, and at least one number. Make the vectors of this corpus, in the order of its rows.`,
      { file, rows, documents },
    )
  const numbers = values instanceof Float32Array ? values : Float32Array.from(values)
  requireFinite(file, numbers)
  return { rows, columns, values: numbers }
}
