import type { Matrix } from '#engine/embeddings/vectors.ts'
import type { WordRows } from './wordRows.ts'

/** Vectors of words, words x columns: the row of each, and the rows of its n-grams over the square root of their number. */
export function composeVectors({ columns, values }: Matrix, { own, ngrams }: WordRows): Float32Array {
  const vectors = new Float32Array(own.length * columns)
  own.forEach((row, word) => {
    if (row >= 0) vectors.set(values.subarray(row * columns, (row + 1) * columns), word * columns)
  })
  if (ngrams) {
    eachNgram(ngrams, (word, row, share) => {
      const [to, from] = [word * columns, row * columns]
      for (let column = 0; column < columns; column++) vectors[to + column]! += share * values[from + column]!
    })
  }
  return vectors
}

/**
 * The gradient of the rows that words are made of, each row once, by that of the words' vectors.
 * @param gradient words x columns
 */
export function rowGradients(
  { rows: rowCount, columns }: Matrix,
  { own, ngrams }: WordRows,
  gradient: Float32Array,
): { rows: Int32Array; gradient: Float32Array } {
  if (!ngrams) return { rows: own, gradient }
  const place = new Int32Array(rowCount).fill(-1)
  const rows: number[] = []
  for (const row of own) if (row >= 0) place[row] = rows.push(row) - 1
  for (const row of ngrams.rows) if (place[row] === -1) place[row] = rows.push(row) - 1
  const sums = new Float32Array(rows.length * columns)
  own.forEach((row, word) => {
    if (row >= 0) sums.set(gradient.subarray(word * columns, (word + 1) * columns), place[row]! * columns)
  })
  eachNgram(ngrams, (word, row, share) => {
    const [to, from] = [place[row]! * columns, word * columns]
    for (let column = 0; column < columns; column++) sums[to + column]! += share * gradient[from + column]!
  })
  return { rows: Int32Array.from(rows), gradient: sums }
}

/** Visits each n-gram of each word, with what its row is multiplied by. */
function eachNgram(
  { offsets, rows }: NonNullable<WordRows['ngrams']>,
  visit: (word: number, row: number, share: number) => void,
): void {
  for (let word = 0; word + 1 < offsets.length; word++) {
    const [start, end] = [offsets[word]!, offsets[word + 1]!]
    for (let i = start; i < end; i++) visit(word, rows[i]!, 1 / Math.sqrt(end - start))
  }
}
