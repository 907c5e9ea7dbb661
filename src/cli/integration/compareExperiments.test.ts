import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Comparison, ExperimentsComparison } from '#protocol/comparison.ts'
import { isogloss } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string

/** A Naive Bayes experiment on the sample corpus, run to its end. */
async function ran(name: string, change: (yaml: string) => string = (yaml) => yaml) {
  const yaml = (await readFile(join(directory, 'small.yaml'), 'utf8'))
    .replace('name: small', `name: ${name}`)
    .replace(/^models:\n( {2}.*\n)+/m, 'models: {nb: {method: naive-bayes}}\n')
  const file = join(directory, `${name}.yaml`)
  await writeFile(file, change(yaml))
  const finished = await isogloss('run', file, '--project', project)
  expect(finished.code, finished.stderr).toBe(0)
}
const compare = async (...args: string[]) => isogloss('compare', '--project', project, ...args)
const across = async (...names: string[]) => {
  const { code, stdout, stderr } = await compare('--json', ...names.flatMap((name) => ['--experiment', name]))
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as ExperimentsComparison
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-across-'))
  project = join(directory, 'project')
  await smallExperiment(directory)
  await ran('alpha')
  await ran('omega', (yaml) => yaml.replace('minFrequency: 2', 'mentions: drop, minFrequency: 3'))
}, 120_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

it('experiments on one test are one table, with the settings in which they differ as columns', async () => {
  const comparison = await across('alpha', 'omega')
  expect(comparison.experiments).toEqual(['alpha', 'omega'])
  expect(comparison.differing).toEqual(['preprocess.mentions', 'preprocess.minFrequency'])
  const conditions = comparison.results.filter((row) => 'runs' in row)
  expect(conditions.map(({ experiment, labels, settings }) => [experiment, labels, settings])).toEqual([
    ['alpha', 'kd', { 'preprocess.mentions': 'keep', 'preprocess.minFrequency': 2 }],
    ['alpha', 'p2c', { 'preprocess.mentions': 'keep', 'preprocess.minFrequency': 2 }],
    ['omega', 'kd', { 'preprocess.mentions': 'drop', 'preprocess.minFrequency': 3 }],
    ['omega', 'p2c', { 'preprocess.mentions': 'drop', 'preprocess.minFrequency': 3 }],
  ])
  // Each row has the numbers that its own experiment's comparison has.
  const alone = JSON.parse((await compare('--experiment', 'omega', '--json')).stdout) as Comparison
  for (const row of conditions.filter(({ experiment }) => experiment === 'omega')) {
    const same = alone.results.find(({ labels, model }) => labels === row.labels && model === row.model)!
    expect(row.meanErrorKm).toBe(same.meanErrorKm)
    expect(row.accuracy).toBe(same.accuracy)
  }
  // Contrasts: like conditions across, and the schemes within.
  const contrasts = comparison.differences.filter(({ contrast, metric }) => contrast && metric === 'meanErrorKm')
  expect(contrasts.map(({ a, b }) => [a, b])).toEqual([
    ['alpha: kd/nb', 'alpha: p2c/nb'],
    ['alpha: kd/nb', 'omega: kd/nb'],
    ['alpha: p2c/nb', 'omega: p2c/nb'],
    ['omega: kd/nb', 'omega: p2c/nb'],
  ])
  const text = (await compare('--experiment', 'alpha', 'omega')).stdout
  expect(text).toMatch(/^experiment +preprocess\.mentions +preprocess\.minFrequency/m)
  expect(text).toMatch(/alpha: kd\/nb -> omega: kd\/nb/)
  const csv = (await compare('--experiment', 'alpha', 'omega', '--format', 'csv')).stdout
  expect(csv.split('\n')[1]).toMatch(/^alpha,keep,2,kd,nb,/)
  expect((await compare('--experiment', 'alpha', 'omega', '--format', 'latex')).stdout).toMatch(/omega & drop & 3 &/)
}, 120_000)

it('a contrast names conditions', async () => {
  const file = join(directory, 'typo.yaml')
  const yaml = await readFile(join(directory, 'alpha.yaml'), 'utf8')
  await writeFile(file, yaml.replace('resamples: 500', 'resamples: 500, contrasts: [[kd/nb, kd/nbb]]'))
  const { code, stderr } = await isogloss('run', file, '--project', project)
  expect(code).toBe(1)
  expect(stderr).toMatch(/evaluation\.contrasts names "kd\/nbb", but the conditions are kd\/nb, p2c\/nb/)
})

it('documents are matched by what they are, not by their rows', async () => {
  const lines = gunzipSync(await readFile(join(directory, 'sample', 'test.txt.gz')))
    .toString()
    .trimEnd()
    .split('\n')
  await writeFile(join(directory, 'reversed.txt'), `${lines.toReversed().join('\n')}\n`)
  await ran('reversed', (yaml) => yaml.replace('sample/test.txt.gz', 'reversed.txt'))
  const comparison = await across('alpha', 'reversed')
  expect(comparison.differing).toEqual(['corpus.test'])
  const differences = comparison.differences.filter(
    ({ a, b, metric }) => a === 'alpha: kd/nb' && b === 'reversed: kd/nb' && metric === 'meanErrorKm',
  )
  // The same model and the same documents: no difference in any resample.
  expect(differences).toMatchObject([{ difference: expect.closeTo(0, 9) as number, p: 1 }])

  await writeFile(join(directory, 'fewer.txt'), `${lines.slice(3).join('\n')}\n`)
  await ran('fewer', (yaml) => yaml.replace('sample/test.txt.gz', 'fewer.txt'))
  const refused = await compare('--experiment', 'alpha', '--experiment', 'fewer')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/^evaluation\/other-test: .*3 are not in fewer \(rows \d+, \d+, \d+\)/)
}, 120_000)

it('a run that two experiments share is shown once', async () => {
  await ran('again', (yaml) => yaml.replace('resamples: 500', 'resamples: 600, contrasts: all'))
  const { results, warnings, test } = await across('alpha', 'again')
  expect(results.filter((row) => 'runs' in row)).toHaveLength(2)
  expect(warnings).toContain('again: kd/nb has the same runs as alpha: kd/nb: it is shown once.')
  expect(test.resamples).toBe(600)
}, 120_000)

it('a run that is made again is the same to the bit, and what was changed since is found', async () => {
  const listed = await isogloss('train', join(directory, 'alpha.yaml'), '--project', project, '--json')
  const { runs } = JSON.parse(listed.stdout) as { runs: { id: string }[] }
  const same = await isogloss('replay', runs[0]!.id, '--project', project, '--json')
  expect(same.code, same.stderr).toBe(0)
  expect(JSON.parse(same.stdout)).toEqual({ same: true, differs: [] })
  // Another run's predictions in its place, sizes and all.
  const other = join(project, 'runs', runs[1]!.id)
  const own = join(project, 'runs', runs[0]!.id)
  await cp(join(other, 'predictions.parquet'), join(own, 'predictions.parquet'))
  const manifest = JSON.parse(await readFile(join(own, 'manifest.json'), 'utf8')) as {
    files: { path: string; bytes: number }[]
  }
  const { size } = await stat(join(own, 'predictions.parquet'))
  for (const file of manifest.files) if (file.path === 'predictions.parquet') file.bytes = size
  await writeFile(join(own, 'manifest.json'), JSON.stringify(manifest))
  const changed = await isogloss('replay', runs[0]!.id, '--project', project, '--json')
  expect(changed.code).toBe(1)
  expect(JSON.parse(changed.stdout)).toMatchObject({
    same: false,
    differs: [
      expect.stringMatching(/predictions of the dev fold/),
      expect.stringMatching(/predictions of the test fold/),
    ],
  })
}, 60_000)
