import { geoArea } from 'd3-geo'
import { expect, it } from 'vitest'
import { chooseProjection } from '#pure/maps/projection.ts'
import { boxProblem } from '#pure/maps/boxProblem.ts'
import { boxRing, groundRing } from './drawnShape.ts'

const projection = chooseProjection(Float32Array.from([1, 42, 19, 42, 1, 51, 19, 51]))

it('brings a shape of the plane back to the ground, without what lies beyond the world', () => {
  const corners: [number, number][] = [[2, 43], [8, 43], [8, 48]] // prettier-ignore
  const planar = corners.map((corner) => projection.geo(corner)!)
  const ring = groundRing(projection, [...planar, [1e6, 1e6]])!
  expect(ring).toHaveLength(3)
  ring.forEach(([lon, lat], i) => {
    expect(lon).toBeCloseTo(corners[i]![0], 6)
    expect(lat).toBeCloseTo(corners[i]![1], 6)
  })
  expect(groundRing(projection, [planar[0]!, planar[1]!, [1e6, 1e6]])).toBeNull()
})

it('makes a rectangle of four sides, over the antimeridian too, and says what is wrong with others', () => {
  const ring = boxRing({ south: 46, north: 50, west: 0, east: 8 })
  for (const corner of [[0, 46], [8, 46], [8, 50], [0, 50]] as const) expect(ring).toContainEqual(corner) // prettier-ignore
  // A rectangle of degrees has the area R² (sin north - sin south) (east - west).
  const expected = (Math.sin((50 * Math.PI) / 180) - Math.sin((46 * Math.PI) / 180)) * ((8 * Math.PI) / 180)
  expect(geoArea({ type: 'Polygon', coordinates: [[...ring, ring[0]!].toReversed()] })).toBeCloseTo(expected, 5)
  expect(Math.max(...boxRing({ south: -1, north: 1, west: 170, east: -170 }).map(([lon]) => lon))).toBe(190)

  const box = { south: 46, north: 50, west: 0, east: 8 }
  expect(boxProblem(box)).toBeNull()
  expect(boxProblem({ ...box, west: null })).toMatch(/Four sides/)
  expect(boxProblem({ ...box, north: 95 })).toMatch(/Latitudes/)
  expect(boxProblem({ ...box, east: 300 })).toMatch(/Longitudes/)
  expect(boxProblem({ ...box, north: 40 })).toMatch(/north/)
  expect(boxProblem({ ...box, east: 0 })).toMatch(/same/)
})
