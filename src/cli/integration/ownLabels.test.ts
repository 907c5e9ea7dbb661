import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Comparison, ConditionResult } from '#protocol/comparison.ts'
import type { LabelSetSummary } from '#protocol/labelSets.ts'
import { isogloss, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let file: string
let project: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-own-labels-'))
  project = join(directory, 'project')
  await smallExperiment(directory)
  const rows = gunzipSync(await readFile(join(directory, 'sample', 'train.txt.gz')))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
  const quantile = (axis: number, share: number) =>
    rows.map((row) => Number(row[axis])).sort((a, b) => a - b)[Math.floor(share * rows.length)]!
  const cuts = [0.25, 0.5, 0.75].map((share) => quantile(2, share))
  await writeFile(join(directory, 'areas.geojson'), JSON.stringify(areasBelow(quantile(1, 0.5), cuts)))
  file = join(directory, 'own.yaml')
  await writeFile(
    file,
    `name: own
corpus: {train: sample/train.txt.gz, dev: sample/dev.txt.gz, test: sample/test.txt.gz, split: none}
preprocess: {minFrequency: 2, maxWords: 60}
labels: {areas: {method: polygons, file: areas.geojson}, kd: {method: kd-tree, bucket: 40}}
models:
  nb: {method: naive-bayes}
  ngram: {method: ngram-softmax, characters: none, optimiser: adagrad, targets: {smoothingKm: 200}}
matrix: {seeds: [1]}
evaluation: {resamples: 500, uncertainty: {levels: [0.8]}}
`,
  )
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** The south in four strips from west to east; the north is no area. */
function areasBelow(lat: number, cuts: number[]) {
  const edges = [cuts[0]! - 60, ...cuts, cuts.at(-1)! + 60]
  const features = ['Westland', 'Highland', 'Lowland', 'Eastland'].map((name, i) => {
    const [west, east] = [edges[i]!, edges[i + 1]!]
    const ring = [[west, -60], [east, -60], [east, lat], [west, lat], [west, -60]] // prettier-ignore
    return { type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: [ring] } }
  })
  return { type: 'FeatureCollection', features }
}

it("a person's own areas are labels everywhere, and what lies outside is told", async () => {
  const made = await isogloss('labels', file, '--project', project)
  expect(made.stderr).toMatch(
    /Labels areas: \d+ of \d+ training, \d+ of \d+ development, \d+ of \d+ test documents have no label/,
  )
  expect(made.stdout).toMatch(/documents without/)
  const { labels } = JSON.parse((await isogloss('labels', file, '--project', project, '--json')).stdout) as {
    labels: LabelSetSummary[]
  }
  const areas = labels.find(({ name }) => name === 'areas')!
  expect(areas).toMatchObject({ method: 'polygons', labelCount: 4, reassigned: null })
  expect(areas.unlabelled.train).toBeGreaterThan(20)
  expect(areas.unlabelled.test).toBeGreaterThan(2)

  const ran = await isogloss('run', file, '--project', project, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.stderr).toMatch(/training documents have no label; they are left out/)
  const comparison = JSON.parse((await isogloss('compare', '--project', project, '--json')).stdout) as Comparison
  const rowOf = (labels: string, model: string) =>
    comparison.results.find((row) => row.labels === labels && row.model === model)!
  const { test, unlabelled } = { ...comparison, ...areas }
  for (const model of ['nb', 'ngram']) {
    const row = rowOf('areas', model) as ConditionResult
    // At best every document that has a label is right.
    expect(row.accuracy!).toBeLessThanOrEqual(1 - unlabelled.test / test.documents)
    expect(row.accuracy!).toBeGreaterThan(0)
    expect(row.regions![0]!.coverage).toBeLessThanOrEqual(1 - unlabelled.test / test.documents)
  }
  expect(comparison.warnings.join()).toContain(
    `${unlabelled.test} of ${test.documents} test documents have no label of areas`,
  )

  const { runs } = JSON.parse(ran.stdout) as { runs: { id: string; labels: string; model: string }[] }
  const nb = runs.find(({ labels, model }) => labels === 'areas' && model === 'nb')!
  const predicted = await start(
    ['predict', '--project', project, '--run', nb.id],
    JSON.stringify({ text: 'wicked yinz' }),
  )
  expect(JSON.parse(predicted.stdout), predicted.stderr).toMatchObject({
    name: expect.stringMatching(/^(West|High|Low|East)land$/) as string,
  })
  const typical = await isogloss('typical', '--project', project, '--label', 'areas:Westland', '--json')
  expect(typical.code, typical.stderr).toBe(0)
  const stats = await isogloss('stats', '--project', project, 'fixin', '--areas', 'areas', '--json')
  expect(stats.code, stats.stderr).toBe(0)
  expect((JSON.parse(stats.stdout) as { outside: number }).outside).toBeGreaterThan(20)
  const exported = await isogloss('export', '--project', project, '--format', 'geojson', '--labels', 'areas')
  expect((JSON.parse(exported.stdout) as { features: unknown[] }).features).toHaveLength(4)
  const figure = join(directory, 'areas.svg')
  const drawn = await isogloss(
    'export',
    '--figure',
    'labels',
    '--labels',
    'areas',
    '--project',
    project,
    '--out',
    figure,
  )
  expect(drawn.code, drawn.stderr).toBe(0)
}, 120_000)

it('the file counts by what it holds: moved, nothing is made again; changed, the labels are', async () => {
  const yaml = await readFile(file, 'utf8')
  const areas = await readFile(join(directory, 'areas.geojson'), 'utf8')
  const plan = async (content: string) => {
    await writeFile(join(directory, 'moved.geojson'), content)
    const moved = join(directory, 'moved.yaml')
    await writeFile(moved, yaml.replace('areas.geojson', 'moved.geojson'))
    const planned = await isogloss('run', moved, '--project', project, '--dry-run', '--json')
    const { steps } = JSON.parse(planned.stdout) as { steps: { title: string; state: string }[] }
    return steps.find(({ title }) => title === 'Labels areas')!.state
  }
  expect(await plan(areas)).toBe('done')
  expect(await plan(areas.replace('Westland', 'Abendland'))).toBe('missing')
}, 60_000)

it('values of a column are labels everywhere; what training lacks is named', async () => {
  const rows = gunzipSync(await readFile(join(directory, 'sample', 'train.txt.gz'))).toString().trimEnd().split('\n') // prettier-ignore
  const lons = rows.map((row) => Number(row.split('\t')[2])).sort((a, b) => a - b)
  const land = (row: string, i: number) => (i % 10 === 0 ? '' : landOf(Number(row.split('\t')[2]), lons))
  const folds = ['train', 'train', 'train', 'train', 'dev', 'test']
  const table = rows.map((row, i) => {
    const fold = folds[i % 6]!
    // Two values that only test has.
    const value = fold === 'test' && i % 5 === 0 ? ['Atlantis', 'Mu'][Math.floor(i / 30) % 2] : land(row, i)
    return `${row}\t${value}\t${fold}`
  })
  await writeFile(join(directory, 'lands.tsv'), ['author\tlat\tlon\ttext\tland\tfold', ...table].join('\n'))
  const yaml = (await readFile(file, 'utf8'))
    .replace('name: own', 'name: lands')
    .replace(/^corpus: .*$/m, 'corpus: {train: lands.tsv, split: {column: fold}}')
    .replace(/^labels: .*$/m, 'labels: {land: {method: column, column: land}}')
    .replace(/^ {2}nb: .*\n/m, '')
  const lands = join(directory, 'lands.yaml')
  const other = join(directory, 'lands-project')
  await writeFile(lands, yaml.replace('column: land}', 'column: country}'))
  const wrong = await isogloss('labels', lands, '--project', other)
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toMatch(/corpus\/no-column: The corpus has no column "country"; it has land\b/)

  await writeFile(lands, yaml)
  const ran = await isogloss('run', lands, '--project', other, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.stderr).toMatch(/Column land: 3 values in \d+ training documents are labels/)
  expect(ran.stderr).toMatch(/test documents have a value that no training document has \(Atlantis, Mu\)/)
  const made = JSON.parse((await isogloss('labels', lands, '--project', other, '--json')).stdout) as {
    labels: LabelSetSummary[]
  }
  const set = made.labels.find(({ name }) => name === 'land')!
  expect(set).toMatchObject({ method: 'column', assign: 'value', labelCount: 3 })
  const labelled = (await readFile(set.assignments, 'utf8')).trimEnd().split('\n').slice(1).map((line) => line.split(',')) // prettier-ignore
  // The values, not the places: some of each fold have none, and test more than its empty ones.
  const without = (fold: string) => labelled.filter(([of, , label]) => of === fold && label === '-1').length
  expect([without('train'), without('dev'), without('test')]).toEqual([
    set.unlabelled.train,
    set.unlabelled.dev,
    set.unlabelled.test,
  ])
  const testRows = table.filter((row) => row.endsWith('\ttest')).map((row) => row.split('\t').at(-2)!)
  expect(labelled.filter(([of]) => of === 'test').map(([, , label]) => ['East', 'Middle', 'West'][Number(label)] ?? '')).toEqual(testRows.map((value) => (['Atlantis', 'Mu'].includes(value) ? '' : value))) // prettier-ignore

  const comparison = JSON.parse((await isogloss('compare', '--project', other, '--json')).stdout) as Comparison
  const [row] = comparison.results
  expect(row!.accuracy!).toBeLessThanOrEqual(1 - set.unlabelled.test / comparison.test.documents)
  expect(row!.accuracy!).toBeGreaterThan(0.3)
  const { runs } = JSON.parse(ran.stdout) as { runs: { id: string }[] }
  const [run] = runs as [(typeof runs)[number]]
  const again = await isogloss('replay', run.id, '--project', other, '--json')
  expect(JSON.parse(again.stdout), again.stderr).toMatchObject({ same: true })
  const predicted = await start(['predict', '--project', other, '--run', run.id], JSON.stringify({ text: 'wicked yinz' })) // prettier-ignore
  expect(JSON.parse(predicted.stdout), predicted.stderr).toMatchObject({
    name: expect.stringMatching(/^(West|Middle|East)$/) as string,
  })
  const exported = await isogloss('export', '--project', other, '--format', 'geojson', '--labels', 'land')
  const { features } = JSON.parse(exported.stdout) as { features: { properties: { name: string } }[] }
  expect(features.map(({ properties }) => properties.name)).toEqual(['East', 'Middle', 'West'])
  const map = join(directory, 'error-map.svg')
  const drawn = await isogloss('export', '--figure', 'error-map', '--run', run.id, '--project', other, '--out', map)
  expect(drawn.code, drawn.stderr).toBe(0)
  const pack = join(directory, 'lands.zip')
  const packed = await isogloss(
    'pack',
    '--project',
    other,
    '--without-text',
    '--round-coordinates',
    '20',
    '--out',
    pack,
  )
  expect(packed.code, packed.stderr).toBe(0)
  const unpacked = join(directory, 'unpacked')
  expect((await isogloss('unpack', pack, '--project', unpacked)).code).toBe(0)
  const theirs = await isogloss('compare', '--project', unpacked, '--json')
  expect((JSON.parse(theirs.stdout) as Comparison).results.map(({ accuracy }) => accuracy)).toEqual(
    comparison.results.map(({ accuracy }) => accuracy),
  )
  const shapes = await isogloss('export', '--project', unpacked, '--format', 'geojson', '--labels', 'land')
  expect(shapes.code, shapes.stderr).toBe(0)
}, 120_000)

/** Three strips from west to east. */
const landOf = (lon: number, sorted: number[]) =>
  ['West', 'Middle', 'East'][
    [1 / 3, 2 / 3].filter((share) => lon >= sorted[Math.floor(share * sorted.length)]!).length
  ]!
