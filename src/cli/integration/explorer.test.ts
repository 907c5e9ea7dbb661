import type { FeatureCollection, MultiLineString } from 'geojson'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatsAnswer } from '#protocol/areaStatistics.ts'
import type { KwicAnswer, LineAnswer, TypicalAnswer, WordsAnswer } from '#protocol/explorer.ts'
import type { Variables } from '#protocol/variables.ts'
import { areaFinder } from '#engine/geo/areaFinder.ts'
import { seededRandom } from '#engine/random.ts'
import type { MapJson } from '../commands/mapCommand.ts'
import { isogloss } from './commandLine.ts'

let directory: string
let project: string

/**
 * 900 informants at 300 sites between 40 and 50 degrees north; west of 10 degrees east most say "pop", east of it "soda";
 * "the" is everywhere, and "zib" in the north-west. Texts are of many lengths.
 */
function survey(): string {
  const random = seededRandom(5)
  const rows = ['author,lat,lon,age,text']
  for (let site = 0; site < 300; site++) {
    const [lat, lon] = [40 + 10 * random.next(), 20 * random.next()]
    for (let i = 0; i < 3; i++) {
      const drink = random.next() < (lon < 10 ? 0.95 : 0.05) ? 'pop' : 'soda'
      const zib = lat > 46 && lon < 8 && random.next() < 0.7 ? ' zib zab' : ''
      rows.push(
        `a${site}-${i},${lat.toFixed(4)},${lon.toFixed(4)},${20 + (site % 50)},"${'Hm ah oh '.repeat(1 + random.below(12))}I drink the ${drink}${random.next() < 0.5 ? ' today' : ''}${zib}"`,
      )
    }
  }
  return rows.join('\n')
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-explorer-'))
  project = join(directory, 'project')
  await writeFile(join(directory, 'survey.csv'), survey())
  const imported = await isogloss('import', join(directory, 'survey.csv'), '--project', project)
  expect(imported.code, imported.stderr).toBe(0)
}, 60_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

async function asked<Answer>(command: string, ...args: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await isogloss(command, ...args, '--project', project, '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Answer
}

describe('kwic', () => {
  it('counts all hits and shows each in its context', async () => {
    const { hits, informants, lines } = await asked<KwicAnswer>('kwic', 'zib', '--context', '2', '--limit', '5')
    expect(hits).toBeGreaterThan(20)
    expect(informants).toBe(hits)
    expect(lines).toHaveLength(5)
    for (const { left, hit, right, lat, lon, start, end, columns } of lines) {
      expect(hit).toBe('zib')
      expect(right).toBe(' zab')
      expect(left).toMatch(/^\w+ \w+ $/)
      expect(end - start).toBe(3)
      expect(lat).toBeGreaterThan(46)
      expect(lon).toBeLessThan(8)
      expect(Number(columns['age'])).toBeGreaterThanOrEqual(20)
    }
    expect(lines.map(({ lat }) => lat)).toEqual(lines.map(({ lat }) => lat).sort((a, b) => a - b))
  }, 60_000)

  it('takes phrases, wildcards, expressions and conditions, and sorts by what stands beside', async () => {
    const phrase = await asked<KwicAnswer>('kwic', '"the soda"')
    const wildcard = await asked<KwicAnswer>('kwic', 'so*')
    const expression = await asked<KwicAnswer>('kwic', '/s.d./')
    expect(phrase.hits).toBe(wildcard.hits)
    expect(expression.hits).toBe(wildcard.hits)
    const young = await asked<KwicAnswer>('kwic', 'so*', '--where', 'age=20..44')
    const old = await asked<KwicAnswer>('kwic', 'so*', '--where', 'age=45..')
    expect(young.hits + old.hits).toBe(wildcard.hits)
    const sorted = await asked<KwicAnswer>('kwic', 'pop,soda', '--sort', 'right', '--context', '1')
    const right = sorted.lines.map((line) => line.right)
    expect(right).toEqual(right.toSorted())
  }, 60_000)

  it('answers again from what it kept, and refuses in words what it cannot read', async () => {
    const kept = (await readdir(join(project, 'answers'))).length
    await asked<KwicAnswer>('kwic', 'so*')
    expect(await readdir(join(project, 'answers'))).toHaveLength(kept)
    const refusals = [
      [['kwic', '/(/', '--project', project], /explorer\/bad-pattern/],
      [['kwic', 'pop', '--project', project, '--where', 'sex=f'], /corpus\/no-column: .*age/],
      [['kwic', 'pop', '--project', project, '--where', 'age=99'], /explorer\/nothing-selected/],
      [['kwic', 'pop', '--project', project, '--corpus', 'other'], /explorer\/no-corpus: .*survey/],
    ] as const
    for (const [args, message] of refusals) {
      const { code, stderr } = await isogloss(...args)
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)])
    }
    expect((await isogloss('kwic', 'pop', '--project', project, '--where', 'age')).code).toBe(2)
  }, 60_000)
})

describe('map', () => {
  it('draws where a word is used, and tests whether that is geography', async () => {
    const out = join(directory, 'zib.geojson')
    const answer = await asked<MapJson>('map', 'zib', '--out', out)
    expect(answer.informants).toBe(900)
    expect(answer.sites).toBe(300)
    expect(answer.test!.p).toBeLessThan(0.001)
    expect(answer.surface.features.length).toBeGreaterThan(3)
    // The highest area lies in the north-west.
    const highest = answer.surface.features.at(-1)!
    const [lon, lat] = highest.geometry.coordinates[0]![0]![0]!
    expect(lon).toBeLessThan(10)
    expect(lat).toBeGreaterThan(44)
    const written = JSON.parse(await readFile(out, 'utf8')) as MapJson['surface']
    expect(written).toEqual(answer.surface)
    const picture = join(directory, 'zib.png')
    await asked<MapJson>('map', 'zib', '--out', picture, '--width-mm', '100', '--grey')
    const png = await readFile(picture)
    expect(png.toString('latin1', 1, 4)).toBe('PNG')
    // 100 mm at 300 dots an inch, and the file says so in dots a metre.
    expect(png.readUInt32BE(16)).toBe(1181)
    expect(png.toString('latin1', 37, 41)).toBe('pHYs')
    expect(png.readUInt32BE(41)).toBe(11811)
    const users = answer.points.features.reduce((sum, { properties }) => sum + properties.users[0]!, 0)
    expect(users).toBe(answer.perVariant[0]!.informants)
  }, 60_000)

  it('says of a word without geography that there is none, and of one that nobody uses that', async () => {
    expect((await asked<MapJson>('map', 'today')).test!.p).toBeGreaterThan(0.05)
    const { code, stderr } = await isogloss('map', 'nowhere', '--project', project)
    expect([code, stderr]).toEqual([1, expect.stringMatching(/explorer\/not-used: Nobody .*nowhere/)])
  }, 60_000)
})

describe('line', () => {
  it('runs where it was planted, inside its bands', async () => {
    const answer = await asked<LineAnswer>('line', 'pop', 'soda')
    expect(answer.perVariant.map(({ variant }) => variant)).toEqual(['pop', 'soda'])
    expect(answer.test).toMatchObject({ unit: 'site' })
    expect(answer.reason).toBeNull()
    const points = (answer.line!.features[0]!.geometry as MultiLineString).coordinates.flat()
    for (const [lon] of points) expect(Math.abs(lon! - 10)).toBeLessThan(2)
    expect(answer.homogeneity).toBeGreaterThan(0.9)
    expect(answer.consistency).toBeGreaterThan(0.9)
    expect(answer.leakage).toBeLessThan(0.1)
    expect(answer.transitionWidthKm!.plateaus[0]).toBeLessThan(0.1)
    expect(answer.pointwiseBand!.geometry.coordinates.length).toBeGreaterThan(0)
    expect(answer.level).toBe(0.9)
    // The same question, the same answer.
    expect(await asked<LineAnswer>('line', 'pop', 'soda')).toEqual(answer)
  }, 120_000)

  it('is not drawn where there is no geography, with the reason', async () => {
    const answer = await asked<LineAnswer>('line', 'today', 'drink')
    expect(answer.line).toBeNull()
    expect(answer.reason).toMatch(/no sign of geography \(p = 0\.\d+\)\. A difference of \d+ percentage points/)
    const { stdout } = await isogloss('line', 'today', 'drink', '--project', project)
    expect(stdout).toContain('no sign of geography')
  }, 120_000)

  it('of three variants gives the areas in which one leads, and their borders', async () => {
    const out = join(directory, 'areas.geojson')
    const answer = await asked<LineAnswer>('line', 'pop', 'soda', 'zib', '--out', out)
    const areas = answer.areas!.features
    const leader = areaFinder(areas.map(({ geometry }) => geometry.coordinates))
    const leads = (lat: number, lon: number) => areas[leader(lat, lon)]?.properties.variant
    expect([leads(44, 5), leads(46, 15), leads(60, 30)]).toEqual(['pop', 'soda', undefined])
    const { features } = JSON.parse(await readFile(out, 'utf8')) as FeatureCollection
    expect(features.filter(({ properties }) => properties!['name'] === 'area')).toHaveLength(areas.length)
    expect((await asked<LineAnswer>('line', 'pop', 'soda')).areas).toBeNull()
    expect(answer.pointwiseBand).toBeNull()
    for (const { properties } of answer.line!.features) expect(properties.variants).toHaveLength(2)
    expect((await isogloss('line', 'pop', '--project', project)).code).toBe(2)
  }, 120_000)
})

describe('words', () => {
  it('lists what is regional, the greatest effect first, with its home', async () => {
    const { informants, tested, words } = await asked<WordsAnswer>('words', '--include', 'names')
    expect(informants).toBe(900)
    // hm, ah, oh, i, drink, the (everybody uses them), pop, soda, today, zib, zab
    expect(tested).toBe(11)
    const first = words.slice(0, 4).map(({ word }) => word)
    expect(first.sort()).toEqual(['pop', 'soda', 'zab', 'zib'])
    const zib = words.find(({ word }) => word === 'zib')!
    expect(zib).toMatchObject({ kind: 'word', fewSites: false })
    expect(zib.home.lat).toBeGreaterThan(45)
    expect(zib.home.lon).toBeLessThan(9)
    expect(zib.home.city).toMatch(/\w/)
    expect(zib.q).toBeLessThan(0.01)
    expect(zib.pSites).toBeLessThan(0.01)
    expect(zib.ratioAtHome.value).toBeGreaterThan(2)
    const sizes = words.map(({ sizeAtLeast }) => sizeAtLeast)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
    const all = await asked<WordsAnswer>('words', '--include', 'names', '--max-q', '1', '--top', '0')
    expect(all.words).toHaveLength(11)
    expect(all.words.find(({ word }) => word === 'today')!.p).toBeGreaterThan(0.01)
    const endings = await asked<WordsAnswer>('words', '--units', 'endings', '--max-q', '1')
    expect(endings.words.map(({ word, kind }) => [word, kind])).toContainEqual(['-da', 'ending'])
  }, 180_000)
})

describe('stats', () => {
  const ofHarvard = resolve('../shared/dialectometry/4-harvard-rates')

  it('counts in hexagons and in areas of a file, and finds the pattern', async () => {
    const hexagons = await asked<StatsAnswer>('stats', 'pop', '--areas', 'hexagons:200', '--weights', 'contiguity')
    expect(hexagons.informants).toBe(900)
    expect(hexagons.areas.reduce((sum, { informants }) => sum + informants, 0)).toBe(900)
    expect(hexagons.moran.p).toBeLessThan(1e-6)
    for (const { lon, rate, gStar } of hexagons.areas) {
      if (lon < 7) expect(rate).toBeGreaterThan(0.6)
      if (lon < 4) expect(gStar).toBeGreaterThan(1)
    }

    // Eight boxes of five degrees; the informants east of 18 degrees lie in none.
    const boxes = [0, 6, 12].flatMap((west) =>
      [40, 45].map((south) => ({
        type: 'Feature',
        id: `box-${west}-${south}`,
        properties: {},
        geometry: {
          type: 'Polygon',
          coordinates: [[[west, south], [west + 6, south], [west + 6, south + 5], [west, south + 5], [west, south]]], // prettier-ignore
        },
      })),
    )
    const file = join(directory, 'boxes.geojson')
    await writeFile(file, JSON.stringify({ type: 'FeatureCollection', features: boxes }))
    const own = await asked<StatsAnswer>('stats', 'pop', '--areas', file, '--weights', 'contiguity')
    const lines = (await readFile(join(directory, 'survey.csv'), 'utf8')).split('\n').slice(1)
    const people = lines.map((line) => line.split(','))
    expect(own.outside).toBe(people.filter(([, , lon]) => Number(lon) > 18).length)
    for (const { id, informants, users, rate } of own.areas) {
      const [, west, south] = id.split('-').map(Number)
      const inside = people.filter(
        ([, lat, lon]) =>
          Number(lon) >= west! && Number(lon) < west! + 6 && Number(lat) >= south! && Number(lat) < south! + 5,
      )
      expect([informants, users]).toEqual([
        inside.length,
        inside.filter((fields) => fields.join().includes('pop')).length,
      ])
      expect(rate).toBe(users / informants)
    }
    const svg = join(directory, 'areas.svg')
    const drawn = await isogloss('stats', 'pop', '--areas', file, '--project', project, '--out', svg)
    expect(drawn.code, drawn.stderr).toBe(0)
    expect(drawn.stdout).toMatch(/informants lie in no area/)
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg/)
  }, 60_000)

  it('says in words what it cannot do', async () => {
    const refused = async (...args: string[]) => {
      const { code, stderr } = await isogloss('stats', ...args, '--project', project)
      expect(code).not.toBe(0)
      return stderr
    }
    expect(await refused('pop')).toMatch(/which areas/)
    expect(await refused('pop', '--areas', 'kd')).toMatch(/no experiment/)
    expect(await refused('pop', '--areas', 'hexagons:2000')).toMatch(/at least 4/)
    expect(await refused('pop', '--areas', 'hexagons:100', '--weights', 'near')).toMatch(/knn:5/)
    expect(await refused('pop', '--areas', 'hexagons:100', '--weights', 'band:1')).toMatch(/wider band/)
    expect(await refused('drink', '--areas', 'hexagons:200')).toMatch(/all are alike/)
  }, 60_000)

  it.skipIf(!existsSync(ofHarvard))(
    'of a table are the numbers of esda',
    async () => {
      const answer = await asked<StatsAnswer>(
        ...(['stats', 'pop', '--rates', join(ofHarvard, 'rates-by-state.csv'), '--weights', 'knn:5'] as const),
      )
      const theirs = JSON.parse(await readFile(join(ofHarvard, 'reference', 'global_state.json'), 'utf8')) as {
        knn5: { pop_share: Record<'moran_row' | 'geary_row', Record<string, number>> }
      }
      const { moran_row: moran, geary_row: geary } = theirs.knn5.pop_share
      expect(Math.abs(answer.moran.i - moran['I']!)).toBeLessThan(1e-8)
      expect(Math.abs(answer.moran.z - moran['z_rand']!)).toBeLessThan(1e-7)
      expect(Math.abs(answer.geary.c - geary['C']!)).toBeLessThan(1e-8)
      expect(answer.areas).toHaveLength(49)
      expect(answer.areas[0]).toMatchObject({ id: 'AL', informants: 403, users: 32 })
    },
    60_000,
  )
})

describe('typical', () => {
  it('compares what is said in a selection with what everybody else says', async () => {
    const { informants, words } = await asked<TypicalAnswer>('typical', '--select', 'age=20..44')
    expect(informants.inside + informants.outside).toBe(900)
    expect(words.every(({ z, effect }) => z > 0 && z < 4 && effect === null)).toBe(true)

    const file = join(directory, 'north-west.geojson')
    const ring = [[0, 46], [8, 46], [8, 50], [0, 50], [0, 46]] // prettier-ignore
    await writeFile(file, JSON.stringify({ type: 'Polygon', coordinates: [ring] }))
    const area = await asked<TypicalAnswer>('typical', '--polygon', file, '--top', '3', '--include', 'names')
    // Pop is a town in Uzbekistan, too: names are left out unless asked for.
    expect(area.words.map(({ word }) => word).sort()).toEqual(['pop', 'zab', 'zib'])
    const zib = area.words.find(({ word }) => word === 'zib')!
    expect(zib.inside).toBeGreaterThan(0.5 * area.informants.inside)
    expect(zib.outside).toBe(0)
    const both = await isogloss('typical', '--polygon', file, '--select', 'age=20', '--project', project)
    expect(both.stderr).toMatch(/one of --select, --label and --polygon/)
    const nobody = await isogloss('typical', '--select', 'age=2', '--project', project)
    expect(nobody.stderr).toMatch(/No document has age=2/)
  }, 60_000)
})

describe('variables', () => {
  it('are saved, and single hits of them excluded and recoded', async () => {
    const change = (...args: string[]) => isogloss('variable', 'drinks', '--project', project, ...args)
    expect((await change()).stderr).toMatch(/no variable "drinks" yet/)
    const saved = await change('--variant', 'pop=pop', '--variant', 'soda=soda,"the soda"')
    expect(saved.code, saved.stderr).toBe(0)
    const before = await asked<MapJson>('map', '--name', 'drinks')
    const plain = await asked<MapJson>('map', 'pop', 'soda')
    expect(before.perVariant.map(({ informants }) => informants)).toEqual(
      plain.perVariant.map(({ informants }) => informants),
    )

    const { lines } = await asked<KwicAnswer>('kwic', 'pop', '--limit', '3')
    const key = ({ document, start, end }: KwicAnswer['lines'][0]) => `${document}:${start}-${end}`
    const hits = await change('--exclude', key(lines[0]!), '--exclude', key(lines[1]!), '--recode', `${key(lines[2]!)}=soda`) // prettier-ignore
    expect(hits.code, hits.stderr).toBe(0)
    const { variables } = await asked<{ variables: Variables }>('variables')
    expect(variables['drinks']).toMatchObject({ excluded: [{}, {}], recoded: [{ to: 'soda' }] })
    const after = await asked<MapJson>('map', '--name', 'drinks')
    const [pop, soda] = before.perVariant
    // What is said of a text is said of all that are the same word for word.
    expect(after.perVariant[0]!.informants).toBeLessThanOrEqual(pop!.informants - 3)
    expect(after.perVariant[1]!.informants).toBeGreaterThan(soda!.informants)
    expect(after.informants).toBeLessThanOrEqual(before.informants - 2)

    const stats = await asked<StatsAnswer>('stats', '--name', 'drinks', '--areas', 'hexagons:300')
    expect(stats.users).toBe(after.perVariant[0]!.informants)
    expect(stats.informants).toBe(after.informants)
    expect((await isogloss('map', '--name', 'nothing', '--project', project)).stderr).toMatch(/it has drinks/)
    expect((await isogloss('map', 'pop', '--name', 'drinks', '--project', project)).stderr).toMatch(/not both/)
    expect((await change('--recode', `${key(lines[2]!)}=coke`)).stderr).toMatch(/not there/)
    expect((await change('--remove')).code).toBe(0)
  }, 90_000)
})

describe('a bundle', () => {
  it('has the expected number of isoglosses where lines run, and says which questions have none', async () => {
    const svg = join(directory, 'bundle.svg')
    const drawn = await isogloss(
      ...[
        'export',
        '--figure',
        'bundle',
        '--variants',
        'pop | soda',
        '--variants',
        'zib | today',
        '--variants',
        'hm | ah',
      ],
      ...['--out', svg, '--project', project],
    )
    expect(drawn.code, drawn.stderr).toBe(0)
    const text = await readFile(svg, 'utf8')
    expect(text).toMatch(/2 of 3 questions have a line; none have hm and ah/)
    expect(text).toMatch(/expected number of isoglosses in a cell/)
    const one = await isogloss(...['export', '--figure', 'bundle', '--variants', 'pop', '--variants', 'a | b', '--out', join(directory, 'x.svg'), '--project', project]) // prettier-ignore
    expect(one.stderr).toMatch(/each line parts two/)
  }, 90_000)
})

describe('--clip', () => {
  it('shows a map and a line in one’s own areas alone, with the numbers of the whole', async () => {
    const file = join(directory, 'box.geojson')
    const corners = [[5, 42], [15, 42], [15, 46], [5, 46], [5, 42]] // prettier-ignore
    await writeFile(file, JSON.stringify({ type: 'Polygon', coordinates: [corners] }))
    const [whole, cut] = [await asked<LineAnswer>('line', 'pop', 'soda'), await asked<LineAnswer>('line', 'pop', 'soda', '--clip', file)] // prettier-ignore
    expect(cut.informants).toBe(whole.informants)
    expect(cut.transitionWidthKm).toEqual(whole.transitionWidthKm)
    const latitudes = (answer: LineAnswer) => (answer.line!.features[0]!.geometry as MultiLineString).coordinates.flat().map(([, lat]) => lat!) // prettier-ignore
    expect(Math.max(...latitudes(whole))).toBeGreaterThan(48)
    expect(Math.max(...latitudes(cut))).toBeCloseTo(46, 6)
    expect(Math.min(...latitudes(cut))).toBeCloseTo(Math.max(42, Math.min(...latitudes(whole))), 6)
    const map = await asked<MapJson>('map', 'pop', '--clip', file, '--out', join(directory, 'cut.svg'))
    const places = [...map.support.geometry.coordinates.flat(2), ...map.points.features.map(({ geometry }) => geometry.coordinates)] // prettier-ignore
    const [aside, within] = [1e-9, (value: number, least: number, most: number) => value >= least - aside && value <= most + aside] // prettier-ignore
    expect(places.every(([lon, lat]) => within(lon!, 5, 15) && within(lat!, 42, 46))).toBe(true)
    expect(await readFile(join(directory, 'cut.svg'), 'utf8')).toContain('stroke-dasharray')
  }, 60_000)

  it('says where the areas are of no use', async () => {
    const elsewhere = join(directory, 'elsewhere.geojson')
    const corners = [[100, 42], [101, 42], [101, 46], [100, 42]] // prettier-ignore
    await writeFile(elsewhere, JSON.stringify({ type: 'Polygon', coordinates: [corners] }))
    const away = await isogloss('map', 'pop', '--project', project, '--clip', elsewhere)
    expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('explorer/clip-elsewhere')])
    const border = join(directory, 'border.geojson')
    await writeFile(border, JSON.stringify({ type: 'LineString', coordinates: corners }))
    const none = await isogloss('line', 'pop', 'soda', '--project', project, '--clip', border)
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('explorer/clip-without-areas')])
  })
})
