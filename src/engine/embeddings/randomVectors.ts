import { seededRandom } from '#engine/random.ts'
import type { Matrix } from './vectors.ts'

/** Seeded uniform values in ±0.5 / columns, as word2vec starts its vectors. */
export function randomVectors(rows: number, columns: number, seed: number): Matrix {
  const values = new Float32Array(rows * columns)
  fillRandomVectors(values, columns, Uint32Array.from({ length: rows }, (_, row) => row), columns, seed)
  return { rows, columns, values }
}

/**
 * Writes the vector of word i to values[rowOf[i] * stride...], so that a word's start does not depend on where it stands.
 * @param stride floats from row to row, at least `columns`
 */
export function fillRandomVectors(values: Float32Array, stride: number, rowOf: Uint32Array, columns: number, seed: number): void {
  const random = seededRandom(seed, 3)
  for (const row of rowOf) {
    const start = row * stride
    for (let column = 0; column < columns; column++) values[start + column] = (random.next() - 0.5) / columns
  }
}
