import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { characterNgrams } from './characterNgrams.ts'
import { composeVectors, rowGradients } from './composeVectors.ts'
import { listWordRows } from './wordRows.ts'

const [vocabulary, columns] = [6, 4]
const characters = { ngrams: [2, 4] as [number, number], buckets: 9 }
const words = ['ja', 'schnee', 'schnäi', 'ö', 'isch', 'isch', '', 'schnee-isch', '🎿']
const batch = { distinct: Int32Array.of(0, 1, 2, 5, 6, 7, 8), spell: (id: number) => words[id]! }
const random = seededRandom(4)
const drawn = (length: number) => Float32Array.from({ length }, () => random.normal())
const matrix = {
  rows: vocabulary + characters.buckets,
  columns,
  values: drawn((vocabulary + characters.buckets) * columns),
}

/** How much of each row of the matrix is in the vector of each word. */
const shares = Array.from(batch.distinct, (id) => {
  const own = new Float64Array(matrix.rows)
  if (id < vocabulary) own[id] = 1
  const buckets = characterNgrams(words[id]!, characters)
  for (const bucket of buckets) own[vocabulary + bucket]! += 1 / Math.sqrt(buckets.length)
  return own
})
const rowsOfWords = listWordRows({ characters }, matrix.rows, batch)

it('lists the n-grams of a word between its marks', () => {
  const distinct = (word: string, ngrams: [number, number]) => characterNgrams(word, { ngrams, buckets: 1 << 22 })
  expect(distinct('abc', [3, 5])).toHaveLength(3 + 2 + 1)
  expect(distinct('🎿', [3, 3])).toHaveLength(1)
  expect(distinct('', [3, 3])).toHaveLength(0)
  // A beginning is no end, and the n-grams in the middle are shared.
  const [one, other] = [new Set(distinct('aba', [2, 2])), new Set(distinct('bab', [2, 2]))]
  expect(one.size).toBe(4)
  expect([...one].filter((bucket) => other.has(bucket))).toHaveLength(2)
})

it('adds the rows of its n-grams to the vector of a word', () => {
  const found = composeVectors(matrix, rowsOfWords)
  shares.forEach((own, word) => {
    for (let column = 0; column < columns; column++) {
      const expected = own.reduce((sum, share, row) => sum + share * matrix.values[row * columns + column]!, 0)
      expect(found[word * columns + column]).toBeCloseTo(expected, 5)
    }
  })
})

it('gives each row its part of the gradient, once', () => {
  const gradient = drawn(batch.distinct.length * columns)
  const found = rowGradients(matrix, rowsOfWords, gradient)
  expect(new Set(found.rows).size).toBe(found.rows.length)
  const touched = Array.from({ length: matrix.rows }, (_, row) => row).filter((row) =>
    shares.some((own) => own[row]! > 0),
  )
  expect(Array.from(found.rows).sort((a, b) => a - b)).toEqual(touched)
  found.rows.forEach((row, place) => {
    for (let column = 0; column < columns; column++) {
      const expected = shares.reduce((sum, own, word) => sum + own[row]! * gradient[word * columns + column]!, 0)
      expect(found.gradient[place * columns + column]).toBeCloseTo(expected, 5)
    }
  })
})

it('leaves words as they are without characters', () => {
  const plain = listWordRows({}, vocabulary, { distinct: Int32Array.of(1, 4) })
  expect(composeVectors({ ...matrix, rows: vocabulary }, plain)).toEqual(
    Float32Array.of(...matrix.values.subarray(4, 8), ...matrix.values.subarray(16, 20)),
  )
})
