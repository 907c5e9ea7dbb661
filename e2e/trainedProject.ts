import { existsSync } from 'node:fs'
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { withLock } from '../build/setup/lock.mjs'
import { isogloss } from '../src/cli/integration/commandLine.ts'
import { preparedVariable } from './prepare.ts'
import { regionalCorpus } from './regionalCorpus.ts'

const experiment = `
name: drinks
corpus: {train: drinks.csv, format: csv, split: {dev: 0.1, test: 0.2, seed: 1}}
preprocess: {minFrequency: 2, maxWords: 60, stopwords: none}
labels: {kd: {method: kd-tree, bucket: 40}, p2c: {method: point2city, radiusKm: 200}}
embeddings: {method: skip-gram, dimensions: 16, epochs: 2}
models:
  linear: {method: logistic-regression}
  net: {method: attention-cnn, tasks: [labels, coordinates], epochs: 25, patience: 25, filters: [16, 16], pools: [2, 1], attentionUnits: 8}
  nearest: {method: nearest-neighbour}
matrix: {seeds: [1]}
evaluation: {resamples: 500, uncertainty: {levels: [0.5, 0.9]}}
`

interface Wanted {
  /** Experiments beside the first, by their names, in which words of that one are replaced. */
  more?: Record<string, [string, string]>
  /** Leaves out what comes after. */
  until?: 'labels'
}

/**
 * A project with the regional corpus and finished runs of a linear model, a network and one without labels, made by the command
 * line: once for all files of tests, each of which has a copy.
 */
export async function trainedProject(directory: string, { more = {}, until }: Wanted = {}): Promise<string> {
  const project = join(directory, 'project')
  if (until === 'labels') await make(directory, 'drinks', experiment, 'labels')
  else await cp(await prepared(), directory, { recursive: true })
  for (const [name, [from, to]] of Object.entries(more))
    await make(directory, name, experiment.replace('name: drinks', `name: ${name}`).replace(from, to), 'run')
  return project
}

/** The folder of the corpus and the project, made by the first who asks. */
async function prepared(): Promise<string> {
  const folder = join(process.env[preparedVariable]!, 'drinks')
  const ready = `${folder}.ready`
  const makeOnce = async () => {
    if (existsSync(ready)) return
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
    await make(folder, 'drinks', experiment, 'run')
    await writeFile(ready, '')
  }
  // Another file of tests, in its own process, may ask at the same time.
  await withLock(`${folder}.lock`, makeOnce, () => undefined)
  return folder
}

async function make(directory: string, name: string, text: string, command: 'run' | 'labels'): Promise<void> {
  await writeFile(join(directory, 'drinks.csv'), regionalCorpus())
  const file = join(directory, `${name}.yaml`)
  await writeFile(file, text)
  const done = await isogloss(command, file, '--project', join(directory, 'project'))
  expect(done.code, done.stderr).toBe(0)
}
