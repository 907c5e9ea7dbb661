import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
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

/** The same corpus as a table with a further column, `sex`, that is empty in a third of its rows; two runs. */
export async function slicedExperiment(directory: string): Promise<string> {
  const small = await smallExperiment(directory)
  const lines = gunzipSync(await readFile(join(directory, 'sample', 'train.txt.gz')))
    .toString()
    .trimEnd()
    .split('\n')
  const rows = lines.map((line, i) => `${line}\t${['f', 'm', ''][i % 3]!}`)
  await writeFile(join(directory, 'table.tsv'), ['author\tlat\tlon\ttext\tsex', ...rows].join('\n'))
  const experiment = (await readFile(small, 'utf8'))
    .replace('name: small', 'name: sliced')
    .replace(/^corpus: .*$/m, 'corpus: {train: table.tsv, split: {dev: 0.1, test: 0.3}}')
    .replace(/^ {2}stl: .*\n/m, '')
  const file = join(directory, 'sliced.yaml')
  await writeFile(file, experiment)
  return file
}
