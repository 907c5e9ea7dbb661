import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nearestPoint } from './nearestPoint.ts'

const coordinate = fc.integer({ min: -20, max: 20 })

it('finds the nearest point within the radius', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(coordinate, coordinate), { maxLength: 30 }),
      coordinate,
      coordinate,
      (points, x, y) => {
        const distances = points.map(([px, py]) => Math.hypot(px - x, py - y))
        const nearest = Math.min(...distances, Infinity)
        const expected = nearest <= 9.5 ? distances.indexOf(nearest) : -1
        expect(nearestPoint(Float32Array.from(points.flat()), x, y, 9.5)).toBe(expected)
      },
    ),
    { seed: 7, numRuns: 200 },
  )
})
