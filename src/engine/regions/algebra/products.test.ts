import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { multiplyRows, sumRows, weightedGram } from './products.ts'

const random = seededRandom(6)
const normal = (length: number) => Float64Array.from({ length }, () => random.normal())

it.each([
  [1, 1],
  [3, 4],
  [255, 5],
  [257, 13],
  [700, 31],
])('the weighted products of the columns of %i x %i are those of plain sums', (rows, width) => {
  const [x, w] = [normal(rows * width), normal(rows).map(Math.abs)]
  const result = new Float64Array(width * width).fill(7)
  weightedGram(x, w, width, result)
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) {
      let sum = 0
      for (let r = 0; r < rows; r++) sum += w[r]! * x[r * width + i]! * x[r * width + j]!
      // Only the lower triangle is written.
      expect(result[i * width + j]).toBeCloseTo(j <= i ? sum : 7, 9)
    }
})

it.each([
  [1, 1, 1],
  [4, 8, 3],
  [5, 2049, 7],
  [13, 4100, 21],
])('products of %i rows with %i rows are those of plain sums', (rows, columns, width) => {
  const [a, b] = [Float32Array.from(normal(rows * width)), Float32Array.from(normal(columns * width))]
  const result = new Float32Array(rows * columns)
  multiplyRows(a, b, width, result)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column += 3) {
      let sum = 0
      for (let k = 0; k < width; k++) sum += a[row * width + k]! * b[column * width + k]!
      expect(Math.abs(result[row * columns + column]! - sum)).toBeLessThan(1e-4)
    }
})

it.each([
  [1, 1],
  [9, 32],
  [40, 45],
])('sums of rows picked from %i rows of %i are plain sums', (count, width) => {
  const rows = Float32Array.from(normal(count * width))
  const lists = [[], [0], [count - 1, 0, count - 1], Array.from({ length: 70 }, () => random.below(count))]
  let end = 0
  const ends = Int32Array.from(lists, ({ length }) => (end += length))
  const result = new Float32Array(lists.length * width)
  sumRows(rows, width, { picks: Int32Array.from(lists.flat()), ends }, result)
  lists.forEach((list, i) => {
    for (let k = 0; k < width; k++) {
      const sum = list.reduce((all, row) => all + rows[row * width + k]!, 0)
      expect(Math.abs(result[i * width + k]! - sum)).toBeLessThan(1e-5 * (1 + list.length))
    }
  })
})
