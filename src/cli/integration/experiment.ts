import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quietContext } from '#engine/context.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'

/** A sample corpus of a few hundred authors and an experiment that trains on it in seconds. */
export async function smallExperiment(directory: string, changes = ''): Promise<string> {
  const sample = join(directory, 'sample')
  await mkdir(sample, { recursive: true })
  await generateSample({ directory: sample, authors: 300, seed: 3 }, quietContext)
  const file = join(directory, 'small.yaml')
  await writeFile(
    file,
    `name: small
corpus: {train: sample/train.txt.gz, dev: sample/dev.txt.gz, test: sample/test.txt.gz, split: none}
preprocess: {minFrequency: 2, maxWords: 60}
labels: {kd: {method: kd-tree, bucket: 40}, p2c: {method: point2city, radiusKm: 200}}
embeddings: {method: skip-gram, dimensions: 16, epochs: 2}
models:
  stl: {method: attention-cnn, tasks: [labels], epochs: 3, filters: [16, 16], attentionUnits: 8}
  mtl: {method: attention-cnn, tasks: [labels, coordinates], epochs: 3, filters: [16, 16], attentionUnits: 8}
matrix: {seeds: [1]}
evaluation: {resamples: 500}
${changes}`,
  )
  return file
}
