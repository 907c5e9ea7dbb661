import { expect, it } from 'vitest'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { likelyMistake, mistakeWarning } from './suspicions.ts'

/** Cities of a country, up to `most`, as points. */
async function citiesOf(countries: string[], most = 60) {
  const { countries: all, lat, lon, population } = await loadGazetteer(15_000)
  const chosen = [...all.keys()]
    .filter((i) => countries.includes(all[i]!))
    .sort((a, b) => population[b]! - population[a]!)
    .slice(0, most)
  return {
    lat: Float64Array.from(chosen, (i) => lat[i]! + 0.01),
    lon: Float64Array.from(chosen, (i) => lon[i]! - 0.01),
  }
}
const mirrored = ({ lat, lon }: { lat: Float64Array; lon: Float64Array }, y: number, x: number) => ({
  lat: lat.map((v) => y * v),
  lon: lon.map((v) => x * v),
})

it.each([['US'], ['GB'], ['PT'], ['BR'], ['AU'], ['CH'], ['JP'], ['AR']])(
  'finds the lost minus of %s and nothing wrong with what is right',
  async (country) => {
    const right = await citiesOf([country])
    expect(await likelyMistake(right)).toBeNull()
    expect(await likelyMistake(mirrored(right, 1, -1))).toBe('longitude')
    expect(await likelyMistake(mirrored(right, -1, 1))).toBe('latitude')
  },
)

it('finds swapped coordinates', async () => {
  const { lat, lon } = await citiesOf(['CH'])
  expect(await likelyMistake({ lat: lon, lon: lat })).toBe('swapped')
  expect(mistakeWarning('swapped', { lat: 'a', lon: 'b' })).toMatch(/look swapped.*"b" for the latitude and "a"/)
  expect(mistakeWarning('longitude', {})).toMatch(/wrong sign.*east for west/)
})
