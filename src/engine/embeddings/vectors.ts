import { join } from 'node:path'
import { requireFinite } from '#engine/files/artefactFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'

/** Row i: values.subarray(i * columns, (i + 1) * columns) */
export interface Matrix {
  rows: number
  columns: number
  values: Float32Array
}

/** Writes vectors.npy. */
export async function saveVectors(directory: string, { rows, columns, values }: Matrix): Promise<void> {
  await writeNpy(join(directory, 'vectors.npy'), values, [rows, columns])
}

/**
 * @param rows words of the vocabulary that the vectors belong to
 * @throws EngineError 'file/damaged'
 */
export async function loadVectors(directory: string, rows: number): Promise<Matrix> {
  const path = join(directory, 'vectors.npy')
  const { values, shape } = await readArray(path, Float32Array, [rows, null])
  requireFinite(path, values)
  return { rows, columns: shape[1]!, values }
}
