import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Comparison } from '#protocol/comparison.ts'
import type { Prediction, RunSummary } from '#protocol/runs.ts'
import { isogloss, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string
let file: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-ensemble-'))
  project = join(directory, 'project')
  file = join(directory, 'mean.yaml')
  const models = `models:
  both: {ensemble: [nb, ngram], decision: median}
  nb: {method: naive-bayes}
  ngram: {method: ngram-softmax, characters: none, optimiser: adagrad, targets: {smoothingKm: 200}}
`
  const yaml = (await readFile(await smallExperiment(directory), 'utf8'))
    .replace('name: small', 'name: mean')
    .replace(/^models:\n( {2}.*\n)+/m, models)
    .replace('seeds: [1]', 'seeds: [1, 2]')
  await writeFile(file, yaml)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const predict = async (where: string, run: string) => {
  const said = await start(['predict', '--project', where, '--run', run], JSON.stringify({ text: 'wicked yinz hella' }))
  expect(said.code, said.stderr).toBe(0)
  return JSON.parse(said.stdout) as Prediction
}

it('the mean of models is a row like any other: what it averages is made before it, and nothing else', async () => {
  const ran = await isogloss('run', file, '--project', project, '--only', 'kd/both/1', '--jobs', '2', '--json')
  expect(ran.code, ran.stderr).toBe(0)
  const { runs } = JSON.parse(ran.stdout) as { runs: RunSummary[] }
  const finished = runs.filter(({ status }) => status === 'finished')
  expect(finished.map(({ labels, model, seed }) => [labels, model, seed])).toEqual([
    ['kd', 'both', 1],
    ['kd', 'nb', null],
    ['kd', 'ngram', 1],
  ])
  const [both, ...parts] = finished.map(({ id }) => id) as [string, string, string]

  // All labels are told, so that the posteriors can be averaged here.
  const said = await Promise.all(parts.map((id) => predict(project, id)))
  const mean = await predict(project, both)
  const products = new Map(
    said[0]!.probabilities.map(([name, p]) => [
      name,
      Math.sqrt(p * said[1]!.probabilities.find(([other]) => other === name)![1]),
    ]),
  )
  const sum = [...products.values()].reduce((total, product) => total + product, 0)
  expect(mean.probabilities).toHaveLength(products.size)
  for (const [name, p] of mean.probabilities) expect(p).toBeCloseTo(products.get(name)! / sum, 5)
  // Each token is taken out in turn; what moves a model moves their mean.
  expect(mean.occlusion!.map(({ start, end }) => [start, end])).toEqual([[0, 6], [7, 11], [12, 17]]) // prettier-ignore
  expect(mean.occlusion!.some(({ change }) => Math.abs(change) > 0.01)).toBe(true)

  const { results } = JSON.parse((await isogloss('compare', '--project', project, '--json')).stdout) as Comparison
  const row = results.find(({ model }) => (model as string) === 'both')!
  expect(row).toMatchObject({ labels: 'kd', method: 'ensemble', seeds: [1], tasks: ['labels'] })
  expect(row.accuracy!).toBeGreaterThan(0.2)
  const again = await isogloss('replay', both, '--project', project, '--json')
  expect(JSON.parse(again.stdout), again.stderr).toMatchObject({ same: true })

  // A pack of the run holds what it averages.
  const pack = join(directory, 'run.zip')
  expect((await isogloss('pack', '--project', project, '--run', both, '--out', pack)).code).toBe(0)
  const unpacked = join(directory, 'unpacked')
  expect((await isogloss('unpack', pack, '--project', unpacked)).code).toBe(0)
  expect(await predict(unpacked, both)).toEqual(mean)
}, 120_000)

it('what cannot be averaged is refused before anything is made', async () => {
  const yaml = await readFile(file, 'utf8')
  const other = join(directory, 'other.yaml')
  const refusal = async (from: string, to: string) => {
    await writeFile(other, yaml.replace(from, to))
    const planned = await isogloss('run', other, '--project', project, '--dry-run')
    expect(planned.code).toBe(1)
    return planned.stderr
  }
  expect(await refusal('[nb, ngram]', '[kd/nb, p2c/ngram]')).toMatch(/averaged within each label scheme.*never across/)
  expect(await refusal('[nb, ngram]', '[nb, nbb]')).toMatch(/"nbb", which is no model of the file.*Did you mean/)
  expect(await refusal('[nb, ngram]', '[nb, nb]')).toMatch(/"nb", twice/)
  expect(await refusal('seeds: [1, 2]', 'seeds: [1, 2], models: [nb, both]')).toMatch(
    /"ngram", which matrix.models leaves/,
  )
}, 60_000)
