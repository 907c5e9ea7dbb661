import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logisticRegressionSettings, type LogisticRegressionSettings } from '#protocol/models/logisticRegression.ts'
import { quietContext } from '#engine/context.ts'
import { mostProbableLabels } from '#engine/models/learning/posterior.ts'
import { fitTfIdf, tfIdfRows } from '#engine/models/learning/tfIdf.ts'
import type { TrainedModel, TrainingData } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { virtualEnvironment } from '../../../../bench/virtualEnvironment.ts'
import { logisticRegression } from './logisticRegression.ts'
import { solveLogistic } from './solveLogistic.ts'

const packages = { 'scikit-learn': '1.7.2', numpy: '2.3.5', scipy: '1.16.3' }
const [vocabulary, labelCount, documentCount, trainCount] = [300, 6, 900, 600]

/** Documents in which each label has words of its own more often, of unequal labels; the last has no word. */
function corpus() {
  const random = seededRandom(5)
  const ids: number[] = []
  const offsets = [0]
  const labels = Int32Array.from({ length: documentCount }, () =>
    Math.min(labelCount - 1, Math.floor(labelCount * random.next() ** 2)),
  )
  labels.forEach((label, document) => {
    const length = document === documentCount - 1 ? 0 : 3 + random.below(25)
    for (let i = 0; i < length; i++)
      ids.push(random.next() < 0.25 ? 40 * label + random.below(40) : Math.floor(vocabulary * random.next() ** 2))
    offsets.push(ids.length)
  })
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
const task = {
  seed: null,
  checkpoint: '/nowhere',
  context: quietContext,
  onEpoch: () => undefined,
  nowMs: () => 0,
}
const settingsOf = (settings: Partial<LogisticRegressionSettings>) =>
  logisticRegressionSettings.parse({ method: 'logistic-regression', ...settings })
const fit = (settings: Partial<LogisticRegressionSettings>): Promise<TrainedModel> =>
  logisticRegression.train(settingsOf(settings), data, task)
const logPosterior = async (model: TrainedModel) =>
  (await model.predict(documents, test, quietContext)).posterior!.logProbabilities

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(() => rm(directory, { recursive: true }))

describe('logistic regression and scikit-learn', { timeout: 300_000 }, () => {
  let python: string
  beforeAll(async () => (python = await virtualEnvironment(packages, (line) => console.warn(line))), 300_000)

  interface Theirs {
    objective: number
    accuracy: number
    rows: number[]
  }
  function theirs(settings: LogisticRegressionSettings): Theirs {
    const program = `
import json, sys
import numpy as np
from scipy.special import logsumexp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
given = json.load(sys.stdin)
texts = [[str(word) for word in given["ids"][start:end]] for start, end in zip(given["offsets"], given["offsets"][1:])]
train, y, s = given["train"], np.array(given["labels"]), given["settings"]
binary = s["frequency"] == "binary"
vectoriser = TfidfVectorizer(analyzer=lambda words: words, binary=binary, sublinear_tf=not binary, min_df=s["minDocuments"], max_df=float(s["maxShare"]))
X = vectoriser.fit_transform(texts[:train])
# Columns in the order of the words' numbers.
order = np.argsort([int(word) for word in vectoriser.get_feature_names_out()])
X, Z = X[:, order], vectoriser.transform(texts[train:])[:, order]
l1, l2 = s["l1"], s["l2"]
penalty = "l2" if l1 == 0 else "l1" if l2 == 0 else "elasticnet"
model = LogisticRegression(penalty=penalty, C=1 / (l1 + l2), l1_ratio=l1 / (l1 + l2) if penalty == "elasticnet" else None,
    solver="lbfgs" if l1 == 0 else "saga", tol=1e-7, max_iter=5000, random_state=0).fit(X, y[:train])
scores = X @ model.coef_.T + model.intercept_
loss = (logsumexp(scores, axis=1) - scores[np.arange(train), y[:train]]).sum()
objective = loss + l1 * np.abs(model.coef_).sum() + l2 / 2 * (model.coef_ ** 2).sum()
print(json.dumps({"objective": objective, "accuracy": model.score(Z, y[train:]), "rows": Z.toarray().ravel().tolist()}))`
    const input = JSON.stringify({
      ids: Array.from(words.ids),
      offsets: Array.from(words.offsets),
      labels: Array.from(labels),
      train: trainCount,
      vocabulary,
      settings,
    })
    return JSON.parse(execFileSync(python, ['-c', program], { input, encoding: 'utf8', maxBuffer: 1e9 })) as Theirs
  }

  it.each<Partial<LogisticRegressionSettings>>([
    {},
    { frequency: 'binary', minDocuments: 3, maxShare: 0.1 },
    { l2: 0.05 },
    { l2: 0, l1: 1 },
    { l2: 0.3, l1: 0.5, frequency: 'binary' },
  ])('have one matrix, one minimum and one accuracy: %o', async (given) => {
    const settings = settingsOf(given)
    const expected = theirs(settings)
    const tfIdf = await fitTfIdf(settings, words, train, vocabulary, quietContext)
    const rows = await tfIdfRows(tfIdf, words, test, quietContext)
    const dense = new Float32Array(test.length * tfIdf.idf.length)
    test.forEach((_, row) => {
      for (let i = rows.starts[row]!; i < rows.starts[row + 1]!; i++)
        dense[row * tfIdf.idf.length + rows.columns[i]!] = rows.values[i]!
    })
    expect(dense).toHaveLength(expected.rows.length)
    expect(dense.every((value, i) => Math.abs(value - expected.rows[i]!) < 1e-6)).toBe(true)

    expect(Math.abs((await objectiveOf(settings)) / expected.objective - 1)).toBeLessThan(1e-4)

    const model = await fit(given)
    const guesses = mostProbableLabels({ labelCount, logProbabilities: await logPosterior(model) })
    const right = guesses.reduce((sum, label, row) => sum + (label === labels[test[row]!] ? 1 : 0), 0)
    expect(Math.abs(right / test.length - expected.accuracy)).toBeLessThanOrEqual(0.005)
  })
})

/** The objective where training ends, computed anew from the weights. */
async function objectiveOf(settings: LogisticRegressionSettings): Promise<number> {
  const tfIdf = await fitTfIdf(settings, words, train, vocabulary, quietContext)
  const rows = await tfIdfRows(tfIdf, words, train, quietContext)
  const prior = new Float64Array(labelCount)
  for (const document of train) prior[labels[document]!]! += 1 / trainCount
  const { weights, biases } = await solveLogistic(
    {
      rows,
      columnCount: tfIdf.idf.length,
      labelCount,
      prior,
      target: (row, into) => void (into.fill(0)[labels[train[row]!]!] = 1),
    },
    { ...settings, tolerance: 1e-5 },
    quietContext,
  )
  let sum = 0
  train.forEach((document, row) => {
    const scores = Array.from(biases)
    for (let i = rows.starts[row]!; i < rows.starts[row + 1]!; i++)
      scores.forEach(
        (_, label) => (scores[label]! += rows.values[i]! * weights[rows.columns[i]! * labelCount + label]!),
      )
    sum += Math.log(scores.reduce((all, score) => all + Math.exp(score), 0)) - scores[labels[document]!]!
  })
  return weights.reduce((all, weight) => all + settings.l1 * Math.abs(weight) + (settings.l2 / 2) * weight ** 2, sum)
}

describe('logistic regression', () => {
  it('is what it was when it is read again, and refuses files of another size', async () => {
    const model = await fit({ targets: { smoothingKm: 100 } })
    await model.save(directory)
    const vectors = () => Promise.reject(new Error('It has no vectors.'))
    const again = await logisticRegression.load!(directory, { vocabulary, labels: labelCount }, vectors)
    expect(await logPosterior(again)).toEqual(await logPosterior(model))
    await expect(
      logisticRegression.load!(directory, { vocabulary, labels: labelCount - 1 }, vectors),
    ).rejects.toMatchObject({ code: 'file/damaged' })
    await truncate(join(directory, 'idf.npy'), 40)
    await expect(
      logisticRegression.load!(directory, { vocabulary, labels: labelCount }, vectors),
    ).rejects.toMatchObject({ code: 'file/damaged' })
  })

  it('is trained towards neighbours by soft targets: less sure of the label, surer of the next', async () => {
    const [hard, soft] = [
      await logPosterior(await fit({})),
      await logPosterior(await fit({ targets: { smoothingKm: 100 } })),
    ]
    const meanOf = (logs: Float32Array, by: number) =>
      test.reduce((sum, document, row) => {
        const label = labels[document]! + by
        return label < labelCount ? sum + Math.exp(logs[row * labelCount + label]!) : sum
      }, 0) / test.length
    expect(meanOf(soft, 0)).toBeLessThan(meanOf(hard, 0))
    expect(meanOf(soft, 1)).toBeGreaterThan(meanOf(hard, 1))
  })

  it('explains by what each word adds: differences between labels are those of the log-probabilities, without the biases', async () => {
    const model = await fit({})
    const empty = (await logPosterior(model)).slice(-labelCount)
    const logs = await logPosterior(model)
    for (const row of [0, 1, 2]) {
      const ids = words.ids.slice(words.offsets[test[row]!], words.offsets[test[row]! + 1])
      const read = { text: '', words: { words: ids.length, ids, spans: new Uint32Array(2 * ids.length) } }
      const sums = await Promise.all(
        Array.from({ length: labelCount }, async (_, label) =>
          (await model.explain(read, label, quietContext)).contributions!.reduce((sum, { value }) => sum + value, 0),
        ),
      )
      for (let label = 1; label < labelCount; label++) {
        const gained = (other: number) => logs[row * labelCount + other]! - empty[other]!
        expect(sums[label]! - sums[0]!).toBeCloseTo(gained(label) - gained(0), 4)
      }
    }
  })
})
