import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readRates } from './readRates.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-rates-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function read(name: string, text: string, users?: string) {
  const path = join(directory, name)
  await writeFile(path, text)
  return readRates(path, users)
}

it('takes the informants that stand nearest before the users', async () => {
  const text = 'unit;latitude;longitude;n_q1;soda;pop;n_q2;tap\nA;1;2;10;3;7;9;4\nB;-1;170;20;5;15;18;0\n'
  const { rates, variant, reading, polygons } = await read('a.csv', text, 'pop')
  expect(rates).toMatchObject({
    ids: ['A', 'B'],
    places: { lat: Float64Array.of(1, -1), lon: Float64Array.of(2, 170) },
    users: Float64Array.of(7, 15),
    informants: Float64Array.of(10, 20),
  })
  expect([variant, polygons]).toEqual(['pop', null])
  expect(reading).toContain('informants are n_q1')
  expect((await read('a.csv', text, 'tap')).rates.informants).toEqual(Float64Array.of(9, 18))
})

it('takes outlines with counts from GeoJSON, and the middle of each as its place', async () => {
  const square = (west: number, properties: object) => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Polygon', coordinates: [[[west, 0], [west + 2, 0], [west + 2, 2], [west, 2], [west, 0]]] }, // prettier-ignore
  })
  const { rates, polygons } = await read(
    'a.geojson',
    JSON.stringify({
      type: 'FeatureCollection',
      features: [square(0, { id: 'x', informants: 4, users: 1 }), square(2, { id: 'y', informants: 5, users: 2 })],
    }),
  )
  expect(rates.ids).toEqual(['x', 'y'])
  expect(rates.places.lon[0]).toBeCloseTo(1, 9)
  expect(rates.places.lat[1]).toBeCloseTo(1, 3)
  expect([...rates.touching!()]).toEqual([0, 1])
  expect(polygons).toHaveLength(2)
})

it.each([
  ['no lat', 'id,lon,n,users\na,1,2,1', undefined, 'rates/no-column', 'of latitudes'],
  ['an unknown variant', 'id,lat,lon,n,users\na,1,2,3,1', 'pop', 'rates/no-column', '"pop"'],
  ['no informants', 'id,lat,lon,users\na,1,2,1', undefined, 'rates/no-column', 'of informants'],
  ['more users than informants', 'id,lat,lon,n,users\na,1,2,3,4', undefined, 'rates/bad-row', 'row 2'],
  ['no number', 'id,lat,lon,n,users\na,1,2,3,1\nb,1,2,,1', undefined, 'rates/bad-row', 'row 3'],
  ['a place off the earth', 'id,lat,lon,n,users\na,91,2,3,1', undefined, 'rates/bad-row', '"91"'],
  ['an id twice', 'id,lat,lon,n,users\na,1,2,3,1\na,1,2,3,1', undefined, 'rates/bad-row', 'second time'],
])('refuses %s in words', async (_, text, users, code, words) => {
  await expect(read('bad.csv', text, users)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words) as string,
  })
})
