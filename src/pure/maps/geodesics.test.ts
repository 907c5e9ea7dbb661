import { geoInterpolate } from 'd3-geo'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { geodesics, nearestLine } from './geodesics.ts'
import { chooseProjection } from './projection.ts'

const american = chooseProjection(Float32Array.from([-122, 47, -80, 26, -71, 42, -117, 33, -97, 30, -87, 42]))

describe('geodesics', () => {
  it('follows the great circle, piece by piece, in the order asked for', () => {
    const from = Float32Array.from([-122.33, 47.6, -71.06, 42.36])
    const to = Float32Array.from([-80.19, 25.76, -71.06, 42.36])
    const lines = geodesics(american.geo, from, to, [1, 0])
    // The second pair is one place: no line.
    expect([...lines.starts.subarray(0, 2)]).toEqual([0, 0])
    const pieces = lines.starts[2]!
    expect(pieces).toBeGreaterThan(20)
    const between = geoInterpolate([-122.33, 47.6], [-80.19, 25.76])
    for (let k = 0; k < pieces; k++) {
      const [x, y] = american.geo(between((k + 1) / pieces))!
      expect(Math.hypot(lines.segments[4 * k + 2]! - x, lines.segments[4 * k + 3]! - y)).toBeLessThan(0.1)
    }
  })

  it('does not draw across the cut of a world map', () => {
    const world = chooseProjection(Float32Array.from([-170, 60, 170, -60, 0, 0, 90, 30, -90, -30]))
    expect(world.name).toBe('equal-earth')
    const lines = geodesics(world.geo, Float32Array.from([170, 10]), Float32Array.from([-170, 10]), [0])
    const longest = Math.max(
      ...Array.from({ length: lines.segments.length / 4 }, (_, k) =>
        Math.hypot(
          lines.segments[4 * k + 2]! - lines.segments[4 * k]!,
          lines.segments[4 * k + 3]! - lines.segments[4 * k + 1]!,
        ),
      ),
    )
    expect(longest).toBeLessThan(1000)
    expect(lines.segments.length).toBeGreaterThan(0)
  })
})

describe('nearestLine', () => {
  const coordinate = fc.integer({ min: -20, max: 20 })
  it('finds what a dense walk along every line finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(coordinate, coordinate, coordinate, coordinate), { minLength: 1, maxLength: 12 }),
        coordinate,
        coordinate,
        (pieces, x, y) => {
          const lines = {
            segments: Float32Array.from(pieces.flat()),
            starts: Uint32Array.from([...pieces.keys(), pieces.length]),
          }
          const distances = pieces.map(([x1, y1, x2, y2]) =>
            Math.min(
              ...Array.from({ length: 2001 }, (_, t) =>
                Math.hypot(x1 + ((x2 - x1) * t) / 2000 - x, y1 + ((y2 - y1) * t) / 2000 - y),
              ),
            ),
          )
          const found = nearestLine(lines, x, y, 100)
          expect(distances[found]!).toBeCloseTo(Math.min(...distances), 1)
          expect(nearestLine(lines, 1000, 1000, 5)).toBe(-1)
        },
      ),
      { seed: 5, numRuns: 100 },
    )
  })
})
