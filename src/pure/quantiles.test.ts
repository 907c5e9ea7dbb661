import { expect, it } from 'vitest'
import { median, medianOfSorted, quantileOfSorted } from './quantiles.ts'

it('finds the median without touching the values', () => {
  const values = [3, 1, 2, 10]
  expect(median(values)).toBe(2.5)
  expect(values).toEqual([3, 1, 2, 10])
  expect(medianOfSorted([1, 2, 9])).toBe(2)
  expect(median([])).toBeNaN()
})

it('lies between two values as NumPy has it', () => {
  // numpy.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.9, 1])
  const expected = [1, 1.3, 3, 6.8, 8]
  expect([0, 0.1, 0.5, 0.9, 1].map((share) => quantileOfSorted([1, 2, 4, 8], share))).toEqual(
    expected.map((value) => expect.closeTo(value, 12) as number),
  )
  expect(quantileOfSorted([], 0.5)).toBeNaN()
})
