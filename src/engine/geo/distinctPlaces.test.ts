import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distinctPlaces, radixOrder } from './distinctPlaces.ts'
import { awkwardPlace, pointsOf } from './testPlaces.ts'

test('places come once, sorted, with their weights', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(awkwardPlace, fc.constant([0, 0] as const), fc.constant([-0, 0] as const))), (all) => {
      const { places, weights, placeOf } = distinctPlaces(pointsOf(...all))
      const keys = all.map(([lat, lon]) => `${lat + 0},${lon + 0}`)
      expect(weights.length).toBe(new Set(keys).size)
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(all.length)
      all.forEach(([lat, lon], i) => {
        const place = placeOf[i]!
        expect([places.lat[place]! + 0, places.lon[place]! + 0]).toEqual([lat + 0, lon + 0])
        expect(weights[place]).toBe(keys.filter((key) => key === keys[i]).length)
      })
      for (let k = 1; k < weights.length; k++) {
        const step = places.lat[k]! - places.lat[k - 1]! || places.lon[k]! - places.lon[k - 1]!
        expect(step).toBeGreaterThan(0)
      }
    }),
  )
})

test('the radix order is the stable order of any finite numbers', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true })), (values) => {
      const slow = values.map((_, i) => i).sort((a, b) => Math.sign(values[a]! - values[b]!) || a - b)
      const order = radixOrder(Float64Array.from(values), Uint32Array.from(values.keys()))
      expect([...order]).toEqual(slow)
    }),
  )
})
