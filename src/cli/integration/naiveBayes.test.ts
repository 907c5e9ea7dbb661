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
  file = join(directory, 'bayes.yaml')
  const yaml = (await readFile(small, 'utf8'))
    .replace('name: small', 'name: bayes')
    .replace(/^models:\n( {2}.*\n)+/m, 'models: {nb: {method: naive-bayes}}\n')
  await writeFile(file, yaml)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('a method without seeds and without an embedding runs once a scheme, and waits for no vectors', async () => {
  const project = join(directory, 'project')
  const planned = await isogloss('run', file, '--project', project, '--dry-run', '--json')
  const { steps } = JSON.parse(planned.stdout) as { steps: { stage: string }[] }
  expect(steps.map(({ stage }) => stage)).toEqual(['import', 'vocabulary', 'labels', 'labels', 'training', 'training'])

  const ran = await isogloss('run', file, '--project', project, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  const { runs } = JSON.parse(ran.stdout) as { runs: { id: string; seed: number | null; status: string }[] }
  expect(runs.map(({ seed, status }) => [seed, status])).toEqual([
    [null, 'finished'],
    [null, 'finished'],
  ])

  const { results } = JSON.parse((await isogloss('compare', '--project', project, '--json')).stdout) as {
    results: ConditionResult[]
  }
  const bayes = results.filter(({ method }) => method === 'naive-bayes')
  expect(
    bayes.map(({ labels, model, labelsMethod, tasks, seeds, perSeed }) => ({
      labels,
      model,
      labelsMethod,
      tasks,
      seeds,
      perSeed,
    })),
  ).toEqual([
    { labels: 'kd', model: 'nb', labelsMethod: 'kd-tree', tasks: ['labels'], seeds: [], perSeed: [] },
    { labels: 'p2c', model: 'nb', labelsMethod: 'point2city', tasks: ['labels'], seeds: [], perSeed: [] },
  ])
  // Better than the largest label, or it has learned nothing.
  const floor = results.find(({ labels, model }) => labels === 'p2c' && (model as string) === 'largest-label')!
  expect(bayes[1]!.accuracy!).toBeGreaterThan(floor.accuracy!)

  const predicted = await start(
    ['predict', '--project', project, '--run', runs[0]!.id],
    JSON.stringify({ text: 'wicked yinz hella' }),
  )
  expect(JSON.parse(predicted.stdout)).toMatchObject({ name: expect.any(String) as string })
}, 120_000)
