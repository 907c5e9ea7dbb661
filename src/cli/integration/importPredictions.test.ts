import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Comparison } from '#protocol/comparison.ts'
import { isogloss, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string
/** Authors of the test fold with their places, as the corpus has them. */
let authors: { id: string; lat: string; lon: string }[]

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-imported-'))
  project = join(directory, 'project')
  const yaml = (await readFile(await smallExperiment(directory), 'utf8'))
    .replace('name: small', 'name: study')
    .replace(/^models:\n( {2}.*\n)+/m, 'models: {nb: {method: naive-bayes}, mtl: {epochs: 1}}\n')
  await writeFile(join(directory, 'study.yaml'), yaml)
  const lines = gunzipSync(await readFile(join(directory, 'sample', 'test.txt.gz'))).toString()
  authors = lines
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [id, lat, lon] = line.split('\t') as [string, string, string]
      return { id, lat, lon }
    })
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function imported(name: string, table: string, extension = 'csv') {
  const file = join(directory, `${name}.${extension}`)
  await writeFile(file, table)
  return isogloss('import-predictions', file, '--project', project, '--experiment', 'study', '--name', name, '--json')
}
const comparisonCorpus = () => readdirSync(join(project, 'corpora'))[0]!
const csv = (rows: { id: string; lat: string; lon: string }[]) =>
  ['id,lat,lon,score', ...rows.map(({ id, lat, lon }) => `${id},${lat},${lon},1`)].join('\n')

it('only the runs that are named are made, with what they need', async () => {
  const file = join(directory, 'study.yaml')
  const ran = await isogloss('run', file, '--project', project, '--only', 'kd/nb', '--json')
  expect(ran.code, ran.stderr).toBe(0)
  const { runs } = JSON.parse(ran.stdout) as { runs: { model: string; labels: string; status: string }[] }
  expect(runs.filter(({ status }) => status === 'finished')).toMatchObject([{ labels: 'kd', model: 'nb' }])
  const wrong = await isogloss('run', file, '--project', project, '--only', 'kd/nbb')
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/experiment\/no-such-run: .*kd\/nb/) as string })
}, 60_000)

it('guesses of a system outside are a full row: of authors, and of rows', async () => {
  const shifted = authors.map(({ id, lat, lon }) => ({ id, lat: String(Number(lat) + 1), lon }))
  const yaml = join(project, 'experiments', 'study.yaml')
  await writeFile(yaml, `# Kept as it is.\n${await readFile(yaml, 'utf8')}`)
  const { code, stdout, stderr } = await imported('theirs', csv([...shifted, { id: 'nobody', lat: '0', lon: '0' }]))
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(/1 of \d+ predictions are of no document of the corpus \(nobody\)/)
  expect(stderr).toMatch(/Not every development document is predicted/)
  const comparison = JSON.parse(stdout) as Comparison
  const row = comparison.results.find(({ model }) => model === 'theirs')!
  // A degree of latitude from every document.
  expect(row.meanErrorKm).toBeCloseTo((Math.PI / 180) * 6371, 6)
  expect(row).toMatchObject({ labels: null, accuracy: null, accuracyAt161Km: 1, seeds: [] })
  expect(comparison.differences.filter(({ b }) => b === 'theirs').length).toBeGreaterThan(0)

  const saved = await readFile(yaml, 'utf8')
  expect(saved).toContain('# Kept as it is.')
  expect(saved).toContain('method: imported')

  // By row: development and test are the last rows, in the order of their files.
  const manifest = await readFile(join(project, 'corpora', comparisonCorpus(), 'corpus.json'), 'utf8')
  const { documents } = (JSON.parse(manifest) as { summary: { documents: Record<'train' | 'dev' | 'test', number> } })
    .summary
  const first = documents.train + documents.dev
  const lines = authors.map(({ lat, lon }, i) => JSON.stringify({ row: first + i, lat: Number(lat), lon: Number(lon) }))
  const byRow = await imported('byrow', lines.join('\n'), 'jsonl')
  expect(byRow.code, byRow.stderr).toBe(0)
  const exact = (JSON.parse(byRow.stdout) as Comparison).results.find(({ model }) => model === 'byrow')!
  expect(exact.meanErrorKm).toBeCloseTo(0, 6)
}, 60_000)

it('what is missing, unknown or no place is named, and the experiment stays as it was', async () => {
  const before = await readFile(join(project, 'experiments', 'study.yaml'), 'utf8')
  const fewer = await imported('fewer', csv(authors.slice(2)))
  expect(fewer.code).toBe(1)
  expect(fewer.stderr).toMatch(/predictions\/missing: .*no prediction of 2 of \d+ documents/)
  expect(fewer.stderr).toContain(authors[0]!.id)
  const noPlace = await imported('noplace', csv([{ id: 'a', lat: '100', lon: '0' }]))
  expect(noPlace.stderr).toMatch(/predictions\/bad-file: .*"100", "0" in line 2/)
  const noId = await imported('noid', 'name,lat,lon\nx,1,2\n')
  expect(noId.stderr).toMatch(/predictions\/bad-file: .*columns name, lat, lon; expected id/)
  const taken = await imported('nb', csv(authors))
  expect(taken.stderr).toMatch(/experiment\/name-taken/)
  expect(await readFile(join(project, 'experiments', 'study.yaml'), 'utf8')).toBe(before)
}, 60_000)

it('nothing can be asked of it but what it said', async () => {
  const shown = await isogloss('compare', '--project', project, '--json')
  const { results } = JSON.parse(shown.stdout) as { results: { model: string; runs?: string[] }[] }
  const run = results.find(({ model }) => model === 'theirs')!.runs![0]!
  const predicted = await start(['predict', '--project', project, '--run', run], JSON.stringify({ text: 'yinz' }))
  expect(predicted).toMatchObject({ code: 1, stderr: expect.stringMatching(/run\/cannot-predict/) as string })
}, 60_000)
