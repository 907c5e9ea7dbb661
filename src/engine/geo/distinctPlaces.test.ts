import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { distinctPlaces } from './distinctPlaces.ts'
import { awkwardPlace, pointsOf } from './testPlaces.ts'

test('places come once, sorted, with their weights', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(awkwardPlace, fc.constant([0, 0] as const), fc.constant([-0, 0] as const))),
      async (all) => {
        const { places, weights, placeOf } = await distinctPlaces(pointsOf(...all), quietContext)
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
      },
    ),
  )
})
