import { expect, test } from 'vitest'
import { hanCitiesSettings } from '#protocol/labels/hanCities.ts'
import { quietContext } from '#engine/context.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { hanCitiesScheme, largestCities } from './hanCitiesScheme.ts'

test('cities near a larger one of their country are joined to it', async () => {
  const gazetteer = await loadGazetteer(100_000)
  const kept = largestCities(gazetteer, 50)
  expect(kept.length).toBeGreaterThan(2000)
  expect(kept.length).toBeLessThan(gazetteer.id.length)
  const names = new Set(Array.from(kept, (city) => `${gazetteer.names[city]} ${gazetteer.countries[city]}`))
  // Oakland lies by San Francisco or San Jose, Newark by New York; Windsor is not of Detroit's country.
  expect(names).toContain('New York City US')
  expect(names).not.toContain('Newark US')
  expect(names).toContain('Windsor CA')
  // No two of one country are nearer.
  let nearestKm = Infinity
  for (const country of new Set(gazetteer.countries)) {
    const cities = kept.filter((city) => gazetteer.countries[city] === country)
    for (const a of cities)
      for (const b of cities)
        if (a < b)
          nearestKm = Math.min(
            nearestKm,
            haversineKm(gazetteer.lat[a]!, gazetteer.lon[a]!, gazetteer.lat[b]!, gazetteer.lon[b]!),
          )
  }
  expect(nearestKm).toBeGreaterThanOrEqual(50)
})

test('a document belongs to the nearest city, and cities without one are no labels', async () => {
  const train = { lat: Float64Array.of(40.7, 40.6, 41.9, 34.05), lon: Float64Array.of(-74, -74.2, -87.6, -118.2) }
  const set = await hanCitiesScheme.fit(hanCitiesSettings.parse({ method: 'han-cities' }), train, quietContext)
  expect(set.labels.map(({ city }) => city).sort()).toEqual(['Chicago', 'Los Angeles', 'New York City'])
  expect(set.trainLabels[0]).toBe(set.trainLabels[1])
  expect(set.reassigned).toBe(0)
})
