import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunSummary } from '#protocol/runs.ts'
import { isogloss, start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

let directory: string
let project: string
let runs: Pick<RunSummary, 'id' | 'model'>[]

const texts = [
  'the quick brown fox at the corner of Market Street, y&#39;all',
  '@nobody #hashtag 12 3.4 👍🏽 grüezi www.example.org',
  'nothingofthisisknown',
  '',
  'we wait for the bus and talk about the game and eat and then go home again because it is late '.repeat(4),
]

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-model-'))
  project = join(directory, 'project')
  const small = 'epochs: 2, filters: [8, 8], attentionUnits: 4'
  const yaml = (await readFile(await smallExperiment(directory), 'utf8'))
    .replace(
      '{minFrequency: 2, maxWords: 60}',
      '{minFrequency: 2, maxWords: 50, stopwords: en, replacementTokens: naive}',
    )
    .replace(/^labels: .*$/m, 'labels: {kd: {bucket: 40}}')
    .replace(
      /^models:\n( {2}.*\n)+/m,
      `models:
  mtl: {method: attention-cnn, tasks: [labels, coordinates], ${small}}
  plain: {method: attention-cnn, tasks: [labels], attention: none, fineTune: false, windows: [2, 3], decision: median, ${small}}
  spelled: {method: attention-cnn, tasks: [labels], characters: {ngrams: [2, 4], buckets: 300}, ${small}}
  ngram: {method: ngram-softmax}
  nb: {method: naive-bayes}
`,
    )
  await writeFile(join(directory, 'small.yaml'), yaml)
  const ran = await isogloss('run', join(directory, 'small.yaml'), '--project', project, '--json')
  expect(ran.code, ran.stderr).toBe(0)
  runs = (JSON.parse(ran.stdout) as { runs: typeof runs }).runs
}, 300_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

interface Answer {
  label: number | string
  name: string
  lat: number
  lon: number
  logProbabilities: number[]
  probabilities: [string, number][]
  coordinates: { lat: number; lon: number } | null
}
type Opened = { predict(text: string): Answer }

const runOf = (model: string) => runs.find((run) => run.model === model)!.id
async function exported(model: string, form: string): Promise<string> {
  const out = join(directory, model)
  const done = await isogloss('export', '--format', form, '--project', project, '--run', runOf(model), '--out', out)
  expect(done.code, done.stderr).toBe(0)
  return out
}
async function answersOf(model: string): Promise<Answer[]> {
  // A blank text is no line of the input: one without a known word stands for it.
  const input = texts.map((text) => JSON.stringify({ text: text || '.' })).join('\n')
  const { stdout } = await start(['predict', '--project', project, '--run', runOf(model)], input)
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as Answer) // prettier-ignore
}
const programOf = async <Program>(out: string) =>
  (await import(/* @vite-ignore */ pathToFileURL(join(out, 'load.mjs')).href)) as Program
const bufferOf = async (path: string) => Uint8Array.from(await readFile(path)).buffer

function expectSame(opened: Opened, answers: Answer[], digits: number) {
  for (const [i, text] of texts.entries()) {
    const [own, told] = [opened.predict(text), answers[i]!]
    expect([String(own.label), own.name]).toEqual([told.label, told.name])
    expect([own.lat, own.lon]).toEqual([told.lat, told.lon])
    const ranked = own.logProbabilities.map(Math.exp).sort((a, b) => b - a)
    told.probabilities.forEach(([, probability], k) => expect(ranked[k]).toBeCloseTo(probability, digits))
    if (!told.coordinates) continue
    expect(own.coordinates!.lat).toBeCloseTo(told.coordinates.lat, 3)
    expect(own.coordinates!.lon).toBeCloseTo(told.coordinates.lon, 3)
  }
}

it.each(['mtl', 'plain', 'spelled'])(
  'plain TensorFlow.js predicts with an exported network as Isogloss does: %s',
  async (model) => {
    const out = await exported(model, 'tfjs')
    const { openModel } = await programOf<{ openModel(...args: unknown[]): Opened }>(out)
    const json = async (name: string) => JSON.parse(await readFile(join(out, name), 'utf8')) as unknown
    await tf.setBackend('cpu')
    const opened = openModel(
      tf,
      await json('model.json'),
      await bufferOf(join(out, 'weights.bin')),
      await json('vocabulary.json'),
    )
    const before = tf.memory().numTensors
    expectSame(opened, await answersOf(model), 4)
    expect(tf.memory().numTensors).toBe(before)
  },
  120_000,
)

it('ngram-softmax is one file, and its program has the same posteriors', async () => {
  const out = await exported('ngram', 'safetensors')
  const { openModel } = await programOf<{ openModel(bytes: ArrayBuffer): Opened }>(out)
  expectSame(openModel(await bufferOf(join(out, 'model.safetensors'))), await answersOf('ngram'), 12)
  // It stands alone.
  expect(await readFile(join(out, 'load.mjs'), 'utf8')).not.toMatch(/^import |\brequire\(|node:/m)
}, 120_000)

it('what is no such model is refused, and nothing is overwritten', async () => {
  const to = (model: string, form: string, out: string) =>
    isogloss('export', '--format', form, '--project', project, '--run', runOf(model), '--out', join(directory, out))
  expect((await to('nb', 'tfjs', 'new')).stderr).toMatch(
    /^export\/not-portable: .*has no form that other programs read/,
  )
  expect((await to('ngram', 'tfjs', 'new')).stderr).toMatch(/is exported as safetensors, found tfjs/)
  await expect(stat(join(directory, 'new'))).rejects.toThrow(/ENOENT/)
  expect((await to('nb', 'tfjs', 'sample')).stderr).toMatch(/^export\/exists/)
  const unnamed = await isogloss('export', '--format', 'tfjs', '--project', project)
  expect(unnamed.stderr).toMatch(/^export\/no-run: .*found no run and no folder/)
}, 120_000)
