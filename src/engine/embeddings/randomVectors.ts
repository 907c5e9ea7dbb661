import { seededRandom, type Random } from '#engine/random.ts'
import type { Matrix } from './vectors.ts'

/** Seeded uniform values in ±1 / columns: with word2vec's ±0.5 / columns short training learns markedly less. */
export function randomVectors(rows: number, columns: number, seed: number): Matrix {
  const values = new Float32Array(rows * columns)
  const random = vectorRandom(seed)
  for (let row = 0; row < rows; row++) fillRandomVector(values, row * columns, columns, random)
  return { rows, columns, values }
}

/** The generator that `fillRandomVector` takes words' values from, word by word. */
export const vectorRandom = (seed: number): Random => seededRandom(seed, 3)

export function fillRandomVector(values: Float32Array, start: number, columns: number, random: Random): void {
  for (let i = start; i < start + columns; i++) values[i] = (2 * random.next() - 1) / columns
}
