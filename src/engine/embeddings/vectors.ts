import { join } from 'node:path'
import { readNpy, writeNpy } from '#engine/files/npy.ts'

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

export async function loadVectors(directory: string): Promise<Matrix> {
  const { values, shape } = await readNpy(join(directory, 'vectors.npy'))
  return { rows: shape[0]!, columns: shape[1]!, values: values as Float32Array }
}
