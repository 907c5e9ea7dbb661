import { geoArea } from 'd3-geo'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { earthRadiusKm, haversineKm } from '#pure/greatCircle.ts'
import { chooseProjection, groundScale, projectLonLat } from './projection.ts'

const scatter = (lon: number, lat: number, width: number, height: number) =>
  Float32Array.from(
    Array.from({ length: 200 }, (_, i) => [
      lon + ((i % 20) / 19 - 0.5) * width,
      lat + (Math.floor(i / 20) / 9 - 0.5) * height,
    ]).flat(),
  )
const american = scatter(-96, 37.5, 54, 22)
const swiss = scatter(8.2, 46.8, 4.2, 1.8)
const world = scatter(10, 15, 300, 100)

describe('chooseProjection', () => {
  it('takes Albers for the contiguous USA, Lambert for a region and Equal Earth for the world or nothing', () => {
    expect(chooseProjection(american).name).toBe('albers-usa')
    expect(chooseProjection(swiss).name).toBe('lambert')
    expect(chooseProjection(scatter(-99, 31, 6, 5)).name).toBe('lambert')
    expect(chooseProjection(world).name).toBe('equal-earth')
    expect(chooseProjection(new Float32Array(0)).name).toBe('equal-earth')
  })

  it('keeps a region that lies across the antimeridian together', () => {
    const fiji = scatter(180, -17, 4, 3).map((value, i) => (i % 2 === 0 && value > 180 ? value - 360 : value))
    const { name, extent } = chooseProjection(fiji)
    expect(name).toBe('lambert')
    expect(extent.maxX - extent.minX).toBeLessThan(700)
  })

  it('draws equal areas on the ground as equal areas, in square kilometres', () => {
    for (const places of [american, swiss, world]) {
      const { geo, centre } = chooseProjection(places)
      fc.assert(
        fc.property(
          fc.double({ min: -8, max: 8, noNaN: true }),
          fc.double({ min: -6, max: 6, noNaN: true }),
          (dx, dy) => {
            const [lon, lat] = [centre[0] + dx, centre[1] + dy]
            const step = 0.05
            // Clockwise, as d3 wants the outside of a polygon.
            const square: [number, number][] = [
              [0, 0],
              [0, step],
              [step, step],
              [step, 0],
              [0, 0],
            ].map(([a, b]): [number, number] => [lon + a!, lat + b!])
            const onGround = geoArea({ type: 'Polygon', coordinates: [square] }) * earthRadiusKm ** 2
            const corners = square.map((corner) => geo(corner)!)
            let twice = 0
            for (let i = 0; i + 1 < corners.length; i++) {
              twice += corners[i]![0] * corners[i + 1]![1] - corners[i + 1]![0] * corners[i]![1]
            }
            expect(Math.abs(twice) / 2 / onGround).toBeCloseTo(1, 2)
          },
        ),
        { seed: 1, numRuns: 50 },
      )
    }
  })

  it('is north up at its centre and fits the data into its extent', () => {
    const { geo, centre, extent, bounds } = chooseProjection(swiss)
    const [x, y] = geo(centre)!
    expect(geo([centre[0], centre[1] + 0.1])![1]).toBeLessThan(y)
    expect(x).toBeCloseTo(0, 6)
    const xy = projectLonLat(geo, swiss)
    for (let i = 0; i < xy.length; i += 2) {
      expect(xy[i]).toBeGreaterThan(extent.minX)
      expect(xy[i + 1]).toBeLessThan(extent.maxY)
    }
    expect(bounds.minX).toBeLessThan(extent.minX)
  })
})

it('measures with R = 6371 km and knows the ground scale', () => {
  expect(haversineKm(0, 0, 90, 0)).toBeCloseTo((Math.PI / 2) * 6371, 6)
  const { geo } = chooseProjection(swiss)
  expect(groundScale(geo, 0, 0, 10)).toBeCloseTo(1, 4)
  const equalEarth = chooseProjection(world).geo
  expect(groundScale(equalEarth, 0, equalEarth([0, 60])![1], 50)).toBeLessThan(0.8)
})
