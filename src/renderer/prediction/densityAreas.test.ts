import type { Position } from 'geojson'
import { expect, it } from 'vitest'
import type { DensityComponent } from '#protocol/runs.ts'
import { densityAreas } from './densityAreas.ts'

const one: DensityComponent = { weight: 1, lat: 47, lon: 8, latDeviation: 0.3, lonDeviation: 0.5, correlation: 0.6 }

/** Of an outline, in square degrees (shoelace). */
function size(ring: Position[]): number {
  let twice = 0
  for (let i = 1; i < ring.length; i++) twice += ring[i - 1]![0]! * ring[i]![1]! - ring[i]![0]! * ring[i - 1]![1]!
  return Math.abs(twice) / 2
}

it('is the ellipse that holds the share of a Gaussian', () => {
  const areas = densityAreas([one])
  expect(areas.map(({ share }) => share)).toEqual([0.9, 0.5])
  for (const { share, polygons } of areas) {
    expect(polygons).toHaveLength(1)
    // Squared Mahalanobis distances of two dimensions are exponential: the radius is sqrt(-2 ln(1 - share)).
    const expected = Math.PI * 2 * -Math.log(1 - share) * 0.3 * 0.5 * Math.sqrt(1 - 0.6 ** 2)
    expect(size(polygons[0]![0]!) / expected).toBeGreaterThan(0.97)
    expect(size(polygons[0]![0]!) / expected).toBeLessThan(1.03)
  }
})

it('has parts where the mixture has some, on either side of the antimeridian, and leaves out what is light', () => {
  const mixture = [
    { ...one, weight: 0.6, lon: 179.5 },
    { ...one, weight: 0.3999, lon: -170 },
    { ...one, weight: 0.0001, lon: 0 },
  ]
  const [most, half] = densityAreas(mixture)
  expect(most!.polygons).toHaveLength(2)
  expect(half!.polygons.length).toBeGreaterThanOrEqual(1)
  const lons = most!.polygons.flat(2).map(([lon]) => lon!)
  expect(Math.min(...lons)).toBeGreaterThan(177)
  expect(Math.max(...lons)).toBeLessThan(192)
  expect(densityAreas([])).toEqual([])
})
