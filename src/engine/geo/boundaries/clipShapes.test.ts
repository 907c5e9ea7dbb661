import type { Position } from 'geojson'
import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { areaFinder } from '../areaFinder.ts'
import { clipLines, clipPolygons } from './clipShapes.ts'

const box = (west: number, south: number, east: number, north: number): Position[][] => [
  [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ],
]
const star = (lon: number, lat: number, random: { next(): number }): Position[][] => {
  const ring = Array.from({ length: 12 }, (_, k): Position => {
    const reach = 1 + 3 * random.next()
    return [lon + reach * Math.cos((k * Math.PI) / 6), lat + reach * Math.sin((k * Math.PI) / 6)]
  })
  return [[...ring, ring[0]!]]
}

it('keeps the places that lie in both, and no other', () => {
  const random = seededRandom(3)
  const shape = [star(2, 50, random), star(11, 50, random)]
  // The last two overlap; one has a hole.
  const areas = [[...box(0, 48, 5, 52), box(2, 49.5, 3, 50.5)[0]!.toReversed()], star(9, 49, random), star(11, 51, random)] // prettier-ignore
  const [inShape, inClipped] = [areaFinder([shape]), areaFinder([clipPolygons(shape, areas)])]
  const inAreas = areaFinder(areas.map((one) => [one]))
  let held = 0
  for (let i = 0; i < 20_000; i++) {
    const [lat, lon] = [45 + 10 * random.next(), -3 + 20 * random.next()]
    const both = inShape(lat, lon) >= 0 && inAreas(lat, lon) >= 0
    held += both ? 1 : 0
    expect(inClipped(lat, lon) >= 0, `${lat} ${lon}`).toBe(both)
  }
  expect(held).toBeGreaterThan(1000)
  expect(clipPolygons(shape, [box(60, 0, 61, 1)])).toEqual([])
})

it('cuts a line where it leaves an area', () => {
  const line: Position[] = [[-1, 1], [3, 1], [3, 5], [9, 5]] // prettier-ignore
  expect(clipLines([line], [box(0, 0, 4, 2), box(6, 4, 8, 6)])).toEqual([
    [[0, 1], [3, 1], [3, 2]], // prettier-ignore
    [[6, 5], [8, 5]], // prettier-ignore
  ])
  expect(clipLines([line], [box(-5, -5, 20, 20)])).toEqual([line])
  expect(clipLines([line], [box(20, 20, 21, 21)])).toEqual([])
})
