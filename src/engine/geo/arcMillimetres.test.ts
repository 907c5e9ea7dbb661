import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arcMillimetres, chordSquaredLimit } from './arcMillimetres.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { awkwardPlace, pointsOf } from './testPlaces.ts'
import { unitVectors } from './unitVectors.ts'

function measure(a: readonly [number, number], b: readonly [number, number]) {
  const v = unitVectors(pointsOf(a, b))
  const chordSquared = (v[0]! - v[3]!) ** 2 + (v[1]! - v[4]!) ** 2 + (v[2]! - v[5]!) ** 2
  return { chordSquared, millimetres: arcMillimetres(v[0]!, v[1]!, v[2]!, v[3]!, v[4]!, v[5]!) }
}

test('distances agree with the haversine formula to the millimetre where that is exact', () => {
  fc.assert(
    fc.property(awkwardPlace, awkwardPlace, (a, b) => {
      const km = haversineKm(...a, ...b)
      fc.pre(km < 19_000)
      expect(Math.abs(measure(a, b).millimetres - km * 1e6)).toBeLessThanOrEqual(0.51)
    }),
  )
})

test('two places near each other’s antipodes keep their last millimetres', () => {
  const eastwardKm = (20 * Math.PI * 6371) / 180 / 1e6
  expect(measure([0, 0], [0, 180]).millimetres).toBe(Math.round(Math.PI * 6371e6))
  expect(measure([0, 0], [0, 180 - 20e-6]).millimetres).toBe(Math.round((Math.PI * 6371 - eastwardKm) * 1e6))
})

test('the limit of a search holds every place at that distance', () => {
  fc.assert(
    fc.property(awkwardPlace, awkwardPlace, (a, b) => {
      const { chordSquared, millimetres } = measure(a, b)
      expect(chordSquared).toBeLessThanOrEqual(chordSquaredLimit(millimetres))
    }),
  )
})
