import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arcMillimetres } from '#engine/geo/arcMillimetres.ts'
import { awkwardPlace, pointsOf } from '#engine/geo/testPlaces.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { cityNames } from './cityNames.ts'
import { nearestCity } from './nearestCity.ts'
import { gazetteerOf } from './testGazetteer.ts'

const city = fc.tuple(awkwardPlace, fc.integer({ min: 1, max: 3 }))

test('the nearest city; of several the larger, then the one of lower id', () => {
  fc.assert(
    fc.property(fc.array(city, { minLength: 1 }), fc.array(awkwardPlace), (cities, points) => {
      const gazetteer = gazetteerOf(...cities.map(([[lat, lon], population]) => ({ lat, lon, population })))
      const [ours, theirs] = [unitVectors(pointsOf(...points)), unitVectors(gazetteer)]
      const found = nearestCity(gazetteer, pointsOf(...points))
      points.forEach((_, i) => {
        const [x, y, z] = ours.subarray(3 * i)
        const ranked = cities
          .map(([, population], c) => ({
            c,
            population,
            far: arcMillimetres(x!, y!, z!, theirs[3 * c]!, theirs[3 * c + 1]!, theirs[3 * c + 2]!),
          }))
          .sort((a, b) => a.far - b.far || b.population - a.population || a.c - b.c)
        expect(found[i]).toBe(ranked[0]!.c)
      })
    }),
  )
})

test('without a city there is no nearest one', () => {
  expect(() => nearestCity(gazetteerOf(), pointsOf([0, 0]))).toThrow(
    expect.objectContaining({ code: 'gazetteer/no-city' }),
  )
})

test('cities of one name are told apart by country, division or id', () => {
  const at = { lat: 0, lon: 0 }
  const gazetteer = gazetteerOf(
    { ...at, name: 'Bern' },
    { ...at, name: 'Paris', country: 'FR' },
    { ...at, name: 'Paris', country: 'US', division: 'TX' },
    { ...at, name: 'Springfield', country: 'US', division: 'IL' },
    { ...at, name: 'Springfield', country: 'US', division: 'MA' },
    { ...at, name: 'Springfield', country: 'US', division: 'MA' },
  )
  expect(cityNames(gazetteer, Int32Array.of(0, 1, 2, 3, 4, 5))).toEqual([
    'Bern',
    'Paris (FR)',
    'Paris (US)',
    'Springfield (US-IL)',
    'Springfield (GeoNames 5)',
    'Springfield (GeoNames 6)',
  ])
  expect(cityNames(gazetteer, Int32Array.of(3, 0))).toEqual(['Springfield', 'Bern'])
})
