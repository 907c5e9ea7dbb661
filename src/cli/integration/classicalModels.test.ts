import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConditionResult } from '#protocol/comparison.ts'
import { isogloss, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let file: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-cli-'))
  const small = await smallExperiment(directory)
  file = join(directory, 'classical.yaml')
  const yaml = (await readFile(small, 'utf8'))
    .replace('name: small', 'name: classical')
    .replace(/^models:\n( {2}.*\n)+/m, 'models: {lr: {method: logistic-regression}, nn: {method: nearest-neighbour}}\n')
  await writeFile(file, yaml)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('logistic regression and the nearest neighbour run, compare and answer for a new text', async () => {
  const project = join(directory, 'project')
  const ran = await isogloss('run', file, '--project', project, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  const { runs } = JSON.parse(ran.stdout) as { runs: { id: string; model: string; status: string }[] }
  expect(runs.map(({ model, status }) => [model, status])).toEqual([
    ['lr', 'finished'],
    ['lr', 'finished'],
    ['nn', 'finished'],
  ])

  const { results } = JSON.parse((await isogloss('compare', '--project', project, '--json')).stdout) as {
    results: ConditionResult[]
  }
  const of = (model: string) => results.filter((row) => (row.model as string) === model)
  // Better than the largest label and the median point, or they have learned nothing.
  expect(of('lr')[0]!.accuracy!).toBeGreaterThan(of('largest-label')[0]!.accuracy!)
  expect(of('nn')).toHaveLength(1)
  expect(of('nn')[0]).toMatchObject({ labels: null, tasks: ['coordinates'], accuracy: null })
  expect(of('nn')[0]!.accuracyAt161Km).toBeGreaterThan(of('median-point')[0]!.accuracyAt161Km)

  for (const { id } of runs) {
    const predicted = await start(
      ['predict', '--project', project, '--run', id],
      JSON.stringify({ text: 'wicked yinz hella' }),
    )
    expect(JSON.parse(predicted.stdout), predicted.stderr).toMatchObject({ lat: expect.any(Number) as number })
  }
}, 120_000)
