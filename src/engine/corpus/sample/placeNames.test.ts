import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DegreeBox } from '#protocol/degreeBox.ts'
import { placeCountries, writePlaceNames } from './placeNames.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-names-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('writes the names of one country, each where it lies', async () => {
  const countries = await placeCountries()
  const file = join(directory, 'names.csv')
  const { places } = await writePlaceNames(file, { country: 'CH' })
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

it('writes the names of a rectangle, with their countries, and of one that crosses the antimeridian', async () => {
  const rowsOf = async (name: string, box: DegreeBox) => {
    const file = join(directory, name)
    await writePlaceNames(file, { box })
    const [head, ...rows] = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(head).toBe('lat,lon,text,country,division,population')
    return rows
  }
  const lake = await rowsOf('lake.csv', { south: 47, north: 48, west: 9, east: 10 })
  for (const place of [/,Konstanz,DE,/, /,Bregenz,AT,/, /,Romanshorn,CH,/])
    expect(lake.some((row) => place.test(row))).toBe(true)
  for (const row of lake) {
    const [lat, lon] = row.split(',').map(Number)
    expect(lat! >= 47 && lat! <= 48 && lon! >= 9 && lon! <= 10, row).toBe(true)
  }
  const fiji = await rowsOf('fiji.csv', { south: -20, north: -15, west: 176, east: -178 })
  expect(new Set(fiji.map((row) => Math.sign(Number(row.split(',')[1]))))).toEqual(new Set([1, -1]))
  const sea = writePlaceNames(join(directory, 'sea.csv'), { box: { south: 40, north: 41, west: -40, east: -39 } })
  await expect(sea).rejects.toMatchObject({ code: 'gazetteer/no-places' })
})

it('refuses a country that is none, and a file that is there', async () => {
  const file = join(directory, 'again.csv')
  await expect(writePlaceNames(file, { country: 'XX' })).rejects.toMatchObject({ code: 'gazetteer/no-country' })
  await writePlaceNames(file, { country: 'LI' })
  await expect(writePlaceNames(file, { country: 'LU' })).rejects.toMatchObject({ code: 'export/exists' })
})
