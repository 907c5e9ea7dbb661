import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LineAnswer } from '#protocol/explorer.ts'
import type { MapJson } from '../commands/mapCommand.ts'
import { isogloss } from './commandLine.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-place-names-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('makes a corpus of a country’s names whose endings have their places', async () => {
  const [file, project] = [join(directory, 'gb.csv'), join(directory, 'project')]
  const written = await isogloss('place-names', 'gb', '--out', file, '--json')
  expect(written.code, written.stderr).toBe(0)
  const { places } = JSON.parse(written.stdout) as { places: number }
  expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(places + 1)

  const imported = await isogloss('import', file, '--project', project)
  expect(imported.code, imported.stderr).toBe(0)
  const where = ['--where', 'division=ENG,SCT,WLS,NIR', '--project', project, '--json']
  const asked = await isogloss('map', 'llan*', ...where)
  expect(asked.code, asked.stderr).toBe(0)
  const answer = JSON.parse(asked.stdout) as MapJson
  const { test, points } = answer
  expect(test!.p).toBeLessThan(0.001)
  const users = points.features.filter(({ properties }) => properties.users[0]! > 0)
  const inWales = users.filter(({ geometry: { coordinates: [lon, lat] } }) => lon! < -2.6 && lat! > 51.3 && lat! < 53.5) // prettier-ignore
  expect(users.length).toBeGreaterThan(40)
  expect(inWales.length / users.length).toBeGreaterThan(0.85)

  // The page of the documentation says what the program finds.
  const page = await readFile(resolve(import.meta.dirname, '../../../docs/place-names.md'), 'utf8')
  expect(page).toContain(rowOf('llan*', answer))
  const chester = await isogloss('map', '*chester', ...where)
  expect(page).toContain(rowOf('*chester', JSON.parse(chester.stdout) as MapJson))
  const drawn = await isogloss('line', 'llan*', '*ton,*ham', ...where)
  expect(drawn.code, drawn.stderr).toBe(0)
  const { transitionWidthKm } = JSON.parse(drawn.stdout) as LineAnswer
  expect(page).toContain(`| \`llan*\` | \`*ton,*ham\` | ${Math.round(transitionWidthKm!.atMost!)} km |`)
}, 180_000)

/** A row of the page's table, as far as its measured columns go. */
function rowOf(pattern: string, { informants, perVariant, test, surface }: MapJson): string {
  const p = test!.p < 0.001 ? '< .001' : test!.p.toFixed(3).slice(1)
  const above = `${Number((surface.features.at(-1)!.properties.share * 100).toPrecision(3))} %`
  return ['', `\`${pattern}\``, 'GB', perVariant[0]!.informants, informants.toLocaleString('en'), p, above, '']
    .join(' | ')
    .trim()
}

it('lists the countries, and says of a wrong one what is expected', async () => {
  const listed = await isogloss('place-names', '--json')
  expect((JSON.parse(listed.stdout) as { country: string }[]).map(({ country }) => country)).toContain('DE')
  const long = await isogloss('place-names', 'Germany')
  expect([long.code, long.stderr]).toEqual([2, expect.stringContaining('two letters')])
  const both = await isogloss('place-names', 'DE', '--box', '5,45,17,49')
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('not both')])
  const turned = await isogloss('place-names', '--box', '5,49,17,45')
  expect([turned.code, turned.stderr]).toEqual([2, expect.stringContaining('west,south,east,north')])
  const file = join(directory, 'box.csv')
  const box = await isogloss('place-names', '--box', '9,47,10,48', '--out', file, '--json')
  expect(box.code, box.stderr).toBe(0)
  expect((JSON.parse(box.stdout) as { places: number }).places).toBeGreaterThan(100)
  const none = await isogloss('place-names', 'XX', '--out', join(directory, 'xx.csv'))
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('gazetteer/no-country')])
})
