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
