import { expect, it } from 'vitest'
import { pointsOf } from '#engine/geo/testPlaces.ts'
import { seenPlaces, unitsOf } from './units.ts'

const greenwich = pointsOf([51.4779, 0.00001], [51.4779, -0.00001], [51.4779, 0.0002], [-0.00002, 20], [0, 20])
const authors = Int32Array.of(4, 4, -1, -1, 7)

it('one place is one unit on both sides of Greenwich and of the equator', () => {
  expect(unitsOf(authors, greenwich, 'place')).toEqual({
    unit: 'place',
    clusterOf: Int32Array.of(0, 0, 1, 2, 2),
    clusters: 3,
  })
  expect(seenPlaces(pointsOf([51.47788, -0.00002], [0.00003, 20]), greenwich)).toEqual(Uint8Array.of(1, 1, 0, 1, 1))
})

it('an author is one unit, a document without one a unit by itself', () => {
  expect(unitsOf(authors, greenwich, 'author').clusterOf).toEqual(Int32Array.of(0, 0, 1, 2, 3))
  expect(unitsOf(authors, greenwich, 'document').clusters).toBe(5)
})
