import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { isogloss } from '../src/cli/integration/commandLine.ts'
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
 * line.
 */
export async function trainedProject(directory: string, { more = {}, until }: Wanted = {}): Promise<string> {
  const project = join(directory, 'project')
  await writeFile(join(directory, 'drinks.csv'), regionalCorpus())
  for (const [name, [from, to]] of Object.entries({ drinks: ['', ''] as [string, string], ...more })) {
    const file = join(directory, `${name}.yaml`)
    await writeFile(file, experiment.replace('name: drinks', `name: ${name}`).replace(from, to))
    const done = await (until === 'labels'
      ? isogloss('labels', file, '--project', project)
      : isogloss('run', file, '--project', project))
    expect(done.code, done.stderr).toBe(0)
  }
  return project
}
