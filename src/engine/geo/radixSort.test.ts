import fc from 'fast-check'
import { expect, test } from 'vitest'
import { radixSort } from './radixSort.ts'

const whole = fc.integer({ min: -2, max: 2 })
const close = fc.tuple(whole, fc.nat(3)).map(([degrees, tiny]) => degrees + tiny * 1e-12)
const anything = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 5e-324, -5e-324),
  close,
)
const degrees = fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), close, whole)

test('sorts any finite numbers, and equal ones as they stood', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(anything), fc.array(degrees, { minLength: 20 })), (values) => {
      const items = values.map((_, p) => 3 * p)
      const slow = items.map((item, p) => [values[p]! + 0, item]).sort(([a], [b]) => (a! < b! ? -1 : a! > b! ? 1 : 0))
      const [given, givenItems] = [Float64Array.from(values), Int32Array.from(items)]
      const sorted = radixSort(given, givenItems)
      expect(Array.from(sorted.items, (item, p) => [sorted.values[p]! + 0, item])).toEqual(slow)
      expect([[...given], [...givenItems]]).toEqual([values, items])
    }),
  )
})
