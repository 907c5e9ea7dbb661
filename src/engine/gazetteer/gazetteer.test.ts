import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadGazetteer, readGazetteer } from './gazetteer.ts'

test('holds the places of at least so many inhabitants, by id', async () => {
  const gazetteer = await loadGazetteer(15_000)
  expect(gazetteer.id.length).toBeGreaterThan(20_000)
  expect(gazetteer.population.every((population) => population >= 15_000)).toBe(true)
  expect(gazetteer.id).toEqual(gazetteer.id.slice().sort())
  const bern = gazetteer.id.indexOf(2661552)
  expect([gazetteer.names[bern], gazetteer.countries[bern], gazetteer.divisions[bern]]).toEqual(['Bern', 'CH', 'BE'])
  expect(gazetteer.lat[bern]).toBeCloseTo(46.95, 1)
  expect(gazetteer.lon[bern]).toBeCloseTo(7.45, 1)
  expect(await loadGazetteer(15_000)).toBe(gazetteer)
})

test('a higher minimum leaves fewer, down to none', async () => {
  expect((await loadGazetteer(10_000_000)).id.length).toBeLessThan(50)
  expect((await loadGazetteer(1e12)).names).toEqual([])
})

test('says what to do when the list is missing or damaged', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-gazetteer-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await expect(readGazetteer(join(directory, 'cities500.txt'), 500)).rejects.toMatchObject({
    code: 'gazetteer/missing',
    message: expect.stringContaining('npm ci'),
  })
  await expect(readGazetteer(null, 500)).rejects.toMatchObject({ code: 'gazetteer/missing' })
  const line = '1\tTown\tTown\t\t1.5\t2.5\tP\tPPL\tCH\t\tBE\t\t\t\t'
  for (const text of [`${line}900\t\t1\tEurope/Zurich\t2020-01-01\nhalf a li`, `${line}many\t\t1\t\t\n`]) {
    await writeFile(join(directory, 'damaged.txt'), text)
    await expect(readGazetteer(join(directory, 'damaged.txt'), 500)).rejects.toMatchObject({
      code: 'gazetteer/damaged',
    })
  }
  await writeFile(join(directory, 'last.txt'), `${line}900\t\t1\tEurope/Zurich\t2020-01-01`)
  expect(await readGazetteer(join(directory, 'last.txt'), 500)).toMatchObject({ names: ['Town'], divisions: ['BE'] })
})
