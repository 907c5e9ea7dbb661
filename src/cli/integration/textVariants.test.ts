import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Comparison } from '#protocol/comparison.ts'
import { isogloss } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string
let comparison: Comparison

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-variants-'))
  project = join(directory, 'project')
  const file = await smallExperiment(directory)
  const yaml = (await readFile(file, 'utf8'))
    .replace(
      /^preprocess: .*$/m,
      'preprocess: [{name: all, minFrequency: 2}, {name: no-mentions, minFrequency: 2, mentions: drop}]',
    )
    .replace(/^labels: .*$/m, 'labels: {kd: {bucket: 60}}')
    .replace(/^models:\n( {2}.*\n)+/m, 'models: {nb: {method: naive-bayes}, near: {method: nearest-neighbour}}\n')
  await writeFile(file, yaml)
  const ran = await isogloss('run', file, '--project', project)
  expect(ran.code, ran.stderr).toBe(0)
  comparison = JSON.parse((await isogloss('compare', '--project', project, '--json')).stdout) as Comparison
}, 120_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

it('every condition is trained on every variant, with the setting in which they differ as a column', async () => {
  expect(comparison.differing).toEqual(['preprocess.mentions'])
  expect(
    comparison.results.map((row) => [
      row.labels,
      row.model,
      'runs' in row ? row.preprocess : null,
      row.settings!['preprocess.mentions'],
    ]),
  ).toEqual([
    ['kd', 'nb', 'all', 'keep'],
    ['kd', 'nb', 'no-mentions', 'drop'],
    [null, 'near', 'all', 'keep'],
    [null, 'near', 'no-mentions', 'drop'],
    [null, 'median-point', null, undefined],
    ['kd', 'largest-label', null, undefined],
  ])
  expect(comparison.settings.mentions).toBe('keep or drop')
  const text = (await isogloss('compare', '--project', project)).stdout
  expect(text).toMatch(/^ +preprocess\.mentions +labels/m)
  expect(text).toMatch(/^kd nb@no-mentions +drop +\d/m)
  const csv = (await isogloss('compare', '--project', project, '--format', 'csv')).stdout
  expect(csv.split('\n')[0]).toMatch(/^preprocess\.mentions,labels,model,preprocess,/)
  expect(csv.split('\n')[2]).toMatch(/^drop,kd,nb,no-mentions,/)
  expect((await isogloss('compare', '--project', project, '--format', 'latex')).stdout).toMatch(
    /kd nb@no-mentions & drop & \d/,
  )
}, 60_000)

it('a variant has the numbers of an experiment that knows only it, and the same runs', async () => {
  const alone = join(directory, 'alone.yaml')
  const yaml = (await readFile(join(directory, 'small.yaml'), 'utf8'))
    .replace('name: small', 'name: alone')
    .replace(/^preprocess: .*$/m, 'preprocess: {minFrequency: 2, mentions: drop}')
  await writeFile(alone, yaml)
  const planned = await isogloss('run', alone, '--project', project, '--dry-run', '--json')
  const { steps } = JSON.parse(planned.stdout) as { steps: { state: string }[] }
  expect(steps.every(({ state }) => state === 'done')).toBe(true)
  await isogloss('run', alone, '--project', project)
  const across = await isogloss('compare', '--project', project, '--experiment', 'small', 'alone')
  expect(across.stdout).toMatch(/alone: kd\/nb has the same runs as small: kd\/nb@no-mentions/)
}, 60_000)

it('what is of one variant is asked for by its name', async () => {
  const { stdout } = await isogloss(
    'train',
    join(directory, 'small.yaml'),
    '--project',
    project,
    '--json',
    '--only',
    'kd/nb@all',
  )
  const { runs } = JSON.parse(stdout) as { runs: { model: string; preprocess: string }[] }
  expect(runs.map(({ model, preprocess }) => [model, preprocess])).toContainEqual(['nb', 'all'])
  const unnamed = await isogloss('neighbours', 'the', '--project', project, '--experiment', 'small')
  expect(unnamed.code).toBe(1)
  expect(unnamed.stderr).toMatch(/^experiment\/no-such-variant: .*all, no-mentions.*--preprocess/)
}, 60_000)
