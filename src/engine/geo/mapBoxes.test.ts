import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mapBoxes } from './mapBoxes.ts'
import { awkwardPlace, pointsOf } from './testPlaces.ts'

test('a box is the points’ own and a twentieth more', () => {
  expect(mapBoxes(pointsOf([40, 10], [50, 30]))).toEqual([{ west: 9, south: 39, east: 31, north: 51 }])
  expect(mapBoxes(pointsOf([40, 10]))).toEqual([{ west: 9.5, south: 39.5, east: 10.5, north: 40.5 }])
  expect(mapBoxes(pointsOf())).toEqual([])
})

test('points on both sides of the antimeridian have a box on each', () => {
  expect(mapBoxes(pointsOf([-18, 178], [-16, -178]))).toEqual([
    { west: -180, south: -18.5, east: -177.5, north: -15.5 },
    { west: 177.5, south: -18.5, east: 180, north: -15.5 },
  ])
})

test('every point lies in a box, and boxes stay on the map', () => {
  fc.assert(
    fc.property(fc.array(awkwardPlace, { minLength: 1 }), (all) => {
      const boxes = mapBoxes(pointsOf(...all))
      for (const { west, south, east, north } of boxes) {
        expect(-180 <= west && west < east && east <= 180 && -90 <= south && south < north && north <= 90).toBe(true)
      }
      for (const [lat, lon] of all) {
        const held = boxes.some((box) =>
          [lon - 360, lon, lon + 360].some(
            (x) => box.west <= x && x <= box.east && box.south <= lat && lat <= box.north,
          ),
        )
        expect(held).toBe(true)
      }
    }),
  )
})
