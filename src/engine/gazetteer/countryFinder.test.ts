import { expect, test } from 'vitest'
import { haversineKm } from '#pure/greatCircle.ts'
import { seededRandom } from '#engine/random.ts'
import { countryFinder } from './countryFinder.ts'
import { loadGazetteer } from './gazetteer.ts'

test('the country of a place is that of the nearest settlement, as looking at each one finds it', async () => {
  const { lat, lon, countries } = await loadGazetteer(500)
  const random = seededRandom(3)
  // Round the border of three countries, and anywhere.
  const places = Array.from({ length: 60 }, (_, i) =>
    i < 40 ? [47.5 + random.next(), 7 + 3 * random.next()] : [180 * random.next() - 90, 360 * random.next() - 180],
  )
  const points = { lat: Float64Array.from(places, ([y]) => y!), lon: Float64Array.from(places, ([, x]) => x!) }
  const slow = places.map(([y, x]) => {
    let best = 0
    let bestKm = Infinity
    lat.forEach((other, city) => {
      const km = haversineKm(y!, x!, other, lon[city]!)
      if (km < bestKm) [best, bestKm] = [city, km]
    })
    return countries[best]
  })
  expect((await countryFinder())(points)).toEqual(slow)
  expect(new Set(slow.slice(0, 40))).toEqual(
    new Set(['CH', 'DE', 'FR', 'AT', 'LI'].filter((code) => slow.includes(code))),
  )
  expect(new Set(slow.slice(0, 40)).size).toBeGreaterThan(2)
})
