import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { mlpSettings, type MlpSettings } from '#protocol/models/mlp.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import { quietContext } from '#engine/context.ts'
import { mostProbableLabels } from '#engine/models/learning/posterior.ts'
import { fitTfIdf, tfIdfRows } from '#engine/models/learning/tfIdf.ts'
import type { TrainedModel, TrainingData } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { virtualEnvironment } from '../../../../bench/virtualEnvironment.ts'
import { mlp } from './mlp.ts'
import { denseRows, gradientOf, sizeOf, startWeights } from './perceptron.ts'

const [vocabulary, labelCount, documentCount, trainCount] = [120, 5, 800, 500]

/** Documents in which each label has words of its own more often. */
function corpus() {
  const random = seededRandom(9)
  const ids: number[] = []
  const offsets = [0]
  const labels = Int32Array.from({ length: documentCount }, () => random.below(labelCount))
  for (const label of labels) {
    for (let i = 4 + random.below(12); i > 0; i--)
      ids.push(random.next() < 0.35 ? 24 * label + random.below(24) : random.below(vocabulary))
    offsets.push(ids.length)
  }
  return { words: { ids: Int32Array.from(ids), offsets: Float64Array.from(offsets) }, labels }
}
const { words, labels } = corpus()
const numbers = Int32Array.from(labels.keys())
const [train, test] = [numbers.subarray(0, trainCount), numbers.subarray(trainCount)]
const documents = { input: 'words', words } as const
const data: TrainingData = {
  documents,
  vocabularySize: vocabulary,
  train,
  dev: new Int32Array(0),
  points: { lat: Float64Array.from(labels, (label) => label), lon: new Float64Array(documentCount) },
  labels: {
    of: labels,
    centres: { lat: Float64Array.from({ length: labelCount }, (_, label) => label), lon: new Float64Array(labelCount) },
  },
  vectors: null,
  tokenisation: 'text',
}
const settingsOf = (settings: Partial<MlpSettings>) =>
  mlpSettings.parse({ method: 'mlp', hidden: 40, epochs: 60, batch: 50, maxShare: 1, ...settings })
const fit = (settings: Partial<MlpSettings>, seed: number, given = data): Promise<TrainedModel> =>
  mlp.train(settingsOf(settings), given, {
    seed,
    checkpoint: '/nowhere',
    context: quietContext,
    onEpoch: () => undefined,
    nowMs: () => 0,
  })
const logPosterior = async (model: TrainedModel) =>
  (await model.predict(documents, test, quietContext)).posterior!.logProbabilities
const accuracyOf = async (model: TrainedModel) =>
  mostProbableLabels({ labelCount, logProbabilities: await logPosterior(model) }).reduce(
    (sum, label, row) => sum + (label === labels[test[row]!] ? 1 : 0),
    0,
  ) / test.length

describe('the perceptron and TensorFlow in Python', { timeout: 600_000 }, () => {
  let python: string
  beforeAll(async () => {
    python = await virtualEnvironment({ 'tensorflow-cpu': '2.21.0' }, (line) => console.warn(line))
  }, 600_000)

  it('reach one accuracy, within the spread of its seeds', async () => {
    const tfIdf = await fitTfIdf(settingsOf({}), words, train, vocabulary, quietContext)
    const { starts, columns, values } = await tfIdfRows(tfIdf, words, numbers, quietContext)
    const program = `
import json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy
import tensorflow as tf
given = json.load(sys.stdin)
X = numpy.zeros((len(given["labels"]), given["columnCount"]), "float32")
for row, (start, end) in enumerate(zip(given["starts"], given["starts"][1:])):
    X[row, given["columns"][start:end]] = given["values"][start:end]
y, train = numpy.array(given["labels"]), given["train"]
accuracies = []
for seed in range(6):
    tf.keras.utils.set_random_seed(seed)
    decay = tf.keras.regularizers.L2(0.5e-5)
    model = tf.keras.Sequential([
        tf.keras.layers.Dense(40, activation="relu", kernel_regularizer=decay),
        tf.keras.layers.Dropout(0.5),
        tf.keras.layers.Dense(int(y.max()) + 1, kernel_regularizer=decay),
    ])
    model.compile(tf.keras.optimizers.Adam(1e-3), tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(X[:train], y[:train], batch_size=50, epochs=60, verbose=0)
    accuracies.append(float((model.predict(X[train:], verbose=0).argmax(1) == y[train:]).mean()))
print(json.dumps(accuracies))`
    const input = JSON.stringify({
      starts: Array.from(starts),
      columns: Array.from(columns),
      values: Array.from(values),
      labels: Array.from(labels),
      train: trainCount,
      columnCount: tfIdf.idf.length,
    })
    const theirs = JSON.parse(execFileSync(python, ['-c', program], { input, encoding: 'utf8' })) as number[]
    const ours: number[] = []
    for (const seed of [1, 2, 3, 4]) ours.push(await accuracyOf(await fit({}, seed)))
    const mean = (some: number[]) => some.reduce((sum, value) => sum + value, 0) / some.length
    expect(mean(ours), `${ours.join(' ')} and ${theirs.join(' ')}`).toBeGreaterThanOrEqual(Math.min(...theirs))
    expect(mean(ours), `${ours.join(' ')} and ${theirs.join(' ')}`).toBeLessThanOrEqual(Math.max(...theirs))
  })
})

describe('mlp', { timeout: 120_000 }, () => {
  it('has the gradient of its loss, as differences of a plain one in double precision tell', async () => {
    const { tf } = await loadTensorFlow()
    const random = seededRandom(2)
    const shape = { columns: 7, hidden: 5, labels: 3 }
    const l2 = 0.1
    const dense = Array.from({ length: 6 }, () => Array.from({ length: 7 }, () => random.next()))
    const mask = Array.from({ length: 6 }, () => Array.from({ length: 5 }, () => (random.next() < 0.3 ? 0 : 1.5)))
    const truth = [
      [1, 0, 0],
      [0, 1, 0],
      [0.2, 0.3, 0.5],
      [0, 0, 1],
      [0, 0.9, 0.1],
      [1, 0, 0],
    ]
    const rows = {
      starts: Float64Array.from({ length: 7 }, (_, i) => 7 * i),
      columns: Int32Array.from({ length: 42 }, (_, i) => i % 7),
      values: Float32Array.from(dense.flat()),
    }
    const weights = startWeights(shape, random)
    const lossAt = (w: ArrayLike<number>) => {
      let loss = 0
      for (let i = 0; i < 35; i++) loss += (l2 / 2) * w[i]! ** 2
      for (let i = 40; i < 55; i++) loss += (l2 / 2) * w[i]! ** 2
      dense.forEach((row, k) => {
        const hidden = Array.from({ length: 5 }, (_, h) => {
          const sum = row.reduce((all, value, c) => all + value * w[5 * c + h]!, w[35 + h]!)
          return Math.max(0, sum) * mask[k]![h]!
        })
        const logits = [0, 1, 2].map((label) =>
          hidden.reduce((all, value, h) => all + value * w[40 + 3 * h + label]!, w[55 + label]!),
        )
        const norm = Math.log(logits.reduce((all, logit) => all + Math.exp(logit), 0))
        loss += truth[k]!.reduce((all, share, label) => all + share * (norm - logits[label]!), 0) / 6
      })
      return loss
    }
    const gradient = tf.tidy(() =>
      gradientOf(tf, tf.tensor1d(weights), shape, {
        rows: denseRows(tf, rows, [0, 1, 2, 3, 4, 5], 7),
        truth: tf.tensor2d(truth),
        mask: tf.tensor2d(mask),
        l2,
      }).gradient.dataSync(),
    )
    expect(gradient).toHaveLength(sizeOf(shape))
    gradient.forEach((slope, i) => {
      const at = (by: number) => lossAt(Array.from(weights, (value, k) => (k === i ? value + by : value)))
      expect(Math.abs(slope - (at(1e-5) - at(-1e-5)) / 2e-5)).toBeLessThan(1e-4)
    })
  })

  it('is one for a seed, is what it was when it is read again, and refuses files of another size', async () => {
    const model = await fit({ epochs: 2 }, 7)
    expect(await logPosterior(await fit({ epochs: 2 }, 7))).toEqual(await logPosterior(model))
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    await model.save(directory)
    const vectors = () => Promise.reject(new Error('It has no vectors.'))
    const again = await mlp.load!(directory, { vocabulary, labels: labelCount }, vectors)
    expect(await logPosterior(again)).toEqual(await logPosterior(model))
    await expect(mlp.load!(directory, { vocabulary, labels: labelCount - 1 }, vectors)).rejects.toMatchObject({
      code: 'file/damaged',
    })
    await truncate(join(directory, 'weights.npy'), 200)
    await expect(mlp.load!(directory, { vocabulary, labels: labelCount }, vectors)).rejects.toMatchObject({
      code: 'file/damaged',
    })
    await rm(directory, { recursive: true })
  })

  it('keeps the epoch of least development error, and says where no word is left', async () => {
    const dev = test.subarray(0, 100)
    const model = await fit({ epochs: 30, patience: 3, learningRate: 0.02 }, 1, { ...data, dev })
    const epochs = model.epochs!
    const least = Math.min(...epochs.map(({ devMeanErrorKm }) => devMeanErrorKm))
    expect(epochs.findLast(({ best }) => best)!.devMeanErrorKm).toBe(least)
    expect(epochs.length).toBeLessThan(30)
    await expect(fit({ minDocuments: 1000 }, 1)).rejects.toMatchObject({ code: 'training/no-words' })
  })
})
