import { seededRandom } from '#engine/random.ts'
import type { Matrix } from './vectors.ts'

/** Seeded uniform values in ±0.5 / columns, as word2vec starts its vectors. */
export function randomVectors(rows: number, columns: number, seed: number): Matrix {
  const random = seededRandom(seed, 3)
  return { rows, columns, values: Float32Array.from({ length: rows * columns }, () => (random.next() - 0.5) / columns) }
}
