import { expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { territoryAreasKm2 } from './territoryAreas.ts'

const at = (...places: [lat: number, lon: number][]): Points => ({
  lat: Float64Array.from(places, ([lat]) => lat),
  lon: Float64Array.from(places, ([, lon]) => lon),
})
/** A cap of 100 km on the sphere. */
const capKm2 = 2 * Math.PI * 6371 ** 2 * (1 - Math.cos(100 / 6371))

it('a place in the middle of a continent has a disc of 100 km, halved by its labels', async () => {
  const halves = ({ lon }: Points) => Int32Array.from(lon, (value) => (value < 67 ? 0 : 1))
  const [west, east] = await territoryAreasKm2(halves, 2, at([48, 67]), quietContext)
  expect((west! + east!) / capKm2).toBeCloseTo(1, 2)
  expect(west! / east!).toBeCloseTo(1, 2)
})

it('sea does not count, nor does the antimeridian; a label without a cell has that of a cell', async () => {
  const one = ({ lat }: Points) => new Int32Array(lat.length)
  const lone = async (lat: number, lon: number) => (await territoryAreasKm2(one, 1, at([lat, lon]), quietContext))[0]!
  expect(await lone(40, -40)).toBeLessThan(1)
  // Cape Agulhas: less than half of the disc is land.
  expect((await lone(-34.8, 20)) / capKm2).toBeLessThan(0.5)
  expect((await lone(-34.8, 20)) / capKm2).toBeGreaterThan(0.2)
  // Chukotka has land on both sides of 180 degrees.
  const near = await lone(67.5, 179.99)
  expect(near / (await lone(67.5, -179.99))).toBeCloseTo(1, 2)
  expect(near / capKm2).toBeGreaterThan(0.8)
  const [, empty] = await territoryAreasKm2(one, 2, at([48, 67]), quietContext)
  expect(empty).toBeGreaterThan(0)
  expect(empty).toBeLessThan(1)
}, 60_000)
