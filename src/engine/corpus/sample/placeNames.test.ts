import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { placeCountries, writePlaceNames } from './placeNames.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-names-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('writes the names of one country, each where it lies', async () => {
  const countries = await placeCountries()
  const file = join(directory, 'names.csv')
  const { places } = await writePlaceNames(file, 'CH')
  expect(countries.find(({ country }) => country === 'CH')).toEqual({ country: 'CH', places })
  expect(countries.map((one) => one.places)).toEqual(countries.map((one) => one.places).toSorted((a, b) => b - a))
  const [head, ...rows] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  expect(head).toBe('lat,lon,text,division,population')
  expect(rows).toHaveLength(places)
  for (const row of rows) {
    const [lat, lon] = row.split(',').map(Number)
    expect(lat! > 45.7 && lat! < 47.9 && lon! > 5.9 && lon! < 10.6, row).toBe(true)
  }
  expect(rows.some((row) => /,Winterthur,ZH,/.test(row))).toBe(true)
})

it('refuses a country that is none, and a file that is there', async () => {
  const file = join(directory, 'again.csv')
  await expect(writePlaceNames(file, 'XX')).rejects.toMatchObject({ code: 'gazetteer/no-country' })
  await writePlaceNames(file, 'LI')
  await expect(writePlaceNames(file, 'LU')).rejects.toMatchObject({ code: 'export/exists' })
})
