import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConditionResult } from '#protocol/comparison.ts'
import type { Prediction } from '#protocol/runs.ts'
import type { TypicalAnswer } from '#protocol/explorer.ts'
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
    .replace(
      /^models:\n( {2}.*\n)+/m,
      'models: {lr: {method: logistic-regression}, nn: {method: nearest-neighbour}, mdn: {method: mixture-density, components: 8, epochs: 5}}\n',
    )
  await writeFile(file, yaml)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('logistic regression, the nearest neighbour and a mixture density run, compare and answer for a new text', async () => {
  const project = join(directory, 'project')
  const ran = await isogloss('run', file, '--project', project, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  const { runs } = JSON.parse(ran.stdout) as { runs: { id: string; model: string; status: string }[] }
  expect(runs.map(({ model, status }) => [model, status])).toEqual([
    ['lr', 'finished'],
    ['lr', 'finished'],
    ['nn', 'finished'],
    ['mdn', 'finished'],
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

  for (const { id, model } of runs) {
    const predicted = await start(
      ['predict', '--project', project, '--run', id],
      JSON.stringify({ text: 'wicked yinz hella' }),
    )
    expect(JSON.parse(predicted.stdout), predicted.stderr).toMatchObject({ lat: expect.any(Number) as number })
    const { density } = JSON.parse(predicted.stdout) as Prediction
    expect(density?.length).toBe(model === 'mdn' ? 8 : undefined)
    if (density) expect(density.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6)
  }

  // What is typical of a label, and what the model has learnt of it.
  const lr = (JSON.parse(ran.stdout) as { runs: { id: string; labels: string; model: string }[] }).runs.filter(
    ({ model }) => model === 'lr',
  )
  const [own, other] = lr as [(typeof lr)[0], (typeof lr)[0]]
  const typical = (...args: string[]) => isogloss('typical', '--project', project, '--json', ...args)
  const { words, informants } = JSON.parse((await typical('--label', `${own.labels}:0`)).stdout) as TypicalAnswer
  expect(informants.inside).toBeGreaterThan(10)
  expect(words[0]!.z).toBeGreaterThan(1)
  expect(words[0]!.effect).toBeNull()
  const asked = await typical('--label', `${own.labels}:0`, '--run', own.id)
  const learnt = JSON.parse(asked.stdout) as TypicalAnswer
  expect(learnt.explained).toBeGreaterThan(10)
  expect(learnt.words.length, asked.stderr).toBeGreaterThan(3)
  for (const { effect, interval } of learnt.words) {
    expect(interval![0]).toBeLessThanOrEqual(effect!)
    expect(interval![1]).toBeGreaterThanOrEqual(effect!)
  }
  // What the label's people say more than others, the model has learnt to count for it.
  const meanEffect = (list: TypicalAnswer['words']) => list.reduce((sum, { effect }) => sum + effect!, 0) / list.length
  expect(meanEffect(learnt.words.filter(({ z }) => z > 0))).toBeGreaterThan(
    meanEffect(learnt.words.filter(({ z }) => z <= 0)),
  )
  expect((await typical('--label', `${own.labels}:0`, '--run', other.id)).stderr).toMatch(/has not learnt the labels/)
  expect((await typical('--label', `${own.labels}:99999`)).stderr).toMatch(/has no label "99999"/)
}, 120_000)
