import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { naiveBayesSettings, type NaiveBayesSettings } from '#protocol/models/naiveBayes.ts'
import { quietContext } from '#engine/context.ts'
import type { TrainedModel, TrainingData } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { virtualEnvironment } from '../../../../bench/virtualEnvironment.ts'
import { keepWords } from './keepWords.ts'
import { naiveBayes } from './naiveBayes.ts'
import { inOrderOfLabels } from './wordLabelCounts.ts'

const packages = { 'scikit-learn': '1.7.2', numpy: '2.3.5', scipy: '1.16.3' }
const [vocabulary, labelCount, documentCount, trainCount] = [50, 5, 160, 120]

/** Documents in which label l has words near 10 l more often; one without a word, and words that training never has. */
function corpus() {
  const random = seededRandom(11)
  const ids: number[] = []
  const offsets = [0]
  const labels: number[] = []
  for (let document = 0; document < documentCount; document++) {
    const label = document < labelCount ? document : random.below(labelCount)
    labels.push(label)
    const length = document === documentCount - 1 ? 0 : 1 + random.below(40)
    const words = document < trainCount ? vocabulary - 3 : vocabulary
    for (let i = 0; i < length; i++)
      ids.push(random.next() < 0.4 ? (10 * label + random.below(8)) % words : random.below(words))
    offsets.push(ids.length)
  }
  const numbers = Int32Array.from(labels.keys())
  return {
    words: { ids: Int32Array.from(ids), offsets: Float64Array.from(offsets) },
    labels: Int32Array.from(labels),
    train: numbers.subarray(0, trainCount),
    test: numbers.subarray(trainCount),
  }
}
const { words, labels, train, test } = corpus()
const places = { lat: new Float64Array(documentCount), lon: new Float64Array(documentCount) }
const documents = { input: 'words', words } as const
const data: TrainingData = {
  documents,
  vocabularySize: vocabulary,
  train,
  dev: new Int32Array(0),
  points: places,
  labels: { of: labels, centres: { lat: new Float64Array(labelCount), lon: new Float64Array(labelCount) } },
  vectors: null,
  tokenisation: 'text' as const,
}

const fit = (settings: Partial<NaiveBayesSettings>): Promise<TrainedModel> =>
  naiveBayes.train(naiveBayesSettings.parse({ method: 'naive-bayes', ...settings }), data, {
    seed: null,
    checkpoint: '/nowhere',
    context: quietContext,
    onEpoch: () => undefined,
    nowMs: () => 0,
  })

async function logPosterior(model: TrainedModel): Promise<Float32Array> {
  const { posterior, coordinates } = await model.predict(documents, test, quietContext)
  expect([posterior!.labelCount, coordinates]).toEqual([labelCount, null])
  return posterior!.logProbabilities
}

let directory: string
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(() => rm(directory, { recursive: true }))

describe('naive Bayes and scikit-learn', { timeout: 300_000 }, () => {
  let python: string
  beforeAll(async () => (python = await virtualEnvironment(packages, (line) => console.warn(line))), 300_000)

  /** log P(label | document) of the test documents by scikit-learn's MultinomialNB, row by row. */
  function theirs(smoothing: number, presence: boolean): number[] {
    const program = `
import json, sys
import numpy as np
from sklearn.naive_bayes import MultinomialNB
given = json.load(sys.stdin)
counts = np.zeros((len(given["offsets"]) - 1, given["vocabulary"]))
for row, (start, end) in enumerate(zip(given["offsets"], given["offsets"][1:])):
    np.add.at(counts[row], given["ids"][start:end], 1)
if given["presence"]:
    counts = (counts > 0).astype(float)
train = given["train"]
model = MultinomialNB(alpha=given["smoothing"]).fit(counts[:train], given["labels"][:train])
print(json.dumps(model.predict_log_proba(counts[train:]).ravel().tolist()))`
    const input = JSON.stringify({
      ids: Array.from(words.ids),
      offsets: Array.from(words.offsets),
      labels: Array.from(labels),
      train: trainCount,
      vocabulary,
      smoothing,
      presence,
    })
    return JSON.parse(execFileSync(python, ['-c', program], { input, encoding: 'utf8' })) as number[]
  }

  it.each([
    [0.01, 'counts'],
    [1, 'counts'],
    [0.01, 'presence'],
    [1, 'presence'],
  ] as const)('have one posterior, with smoothing %d and %s', async (smoothing, features) => {
    const ours = await logPosterior(await fit({ smoothing, features }))
    const expected = theirs(smoothing, features === 'presence')
    expect(ours).toHaveLength(expected.length)
    ours.forEach((value, i) => {
      expect(Math.exp(value)).toBeCloseTo(Math.exp(expected[i]!), 5)
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected[i]!)))
    })
  })
})

describe('naive Bayes', () => {
  it('keeps the words of highest information gain ratio, as a slow twin finds them', async () => {
    const entropy = (counts: number[]) => {
      const sum = counts.reduce((a, b) => a + b, 0)
      return counts.reduce((bits, count) => (count > 0 ? bits - (count / sum) * Math.log(count / sum) : bits), 0)
    }
    const has = (document: number, word: number) =>
      words.ids.subarray(words.offsets[document], words.offsets[document + 1]).includes(word)
    const byLabel = (some: number[]) =>
      Array.from({ length: labelCount }, (_, label) => some.filter((document) => labels[document] === label).length)
    const all = Array.from(train)
    const ratioOf = (word: number) => {
      const having = all.filter((document) => has(document, word))
      const lacking = all.filter((document) => !has(document, word))
      if (having.length === 0 || lacking.length === 0) return 0
      const gain =
        entropy(byLabel(all)) -
        (having.length * entropy(byLabel(having)) + lacking.length * entropy(byLabel(lacking))) / all.length
      return gain / entropy([having.length, lacking.length])
    }
    const ratios = Array.from({ length: vocabulary }, (_, word) => ratioOf(word))
    const labelled = inOrderOfLabels(train, {
      documents: words,
      labelOf: labels,
      vocabularySize: vocabulary,
      labelCount,
    })
    for (const share of [0.001, 0.2, 0.5, 1]) {
      const kept = await keepWords(labelled, share, quietContext)
      const best = ratios.map((ratio, word) => ({ ratio, word })).sort((a, b) => b.ratio - a.ratio || a.word - b.word)
      const expected = best.slice(0, Math.max(1, Math.round(share * vocabulary))).map(({ word }) => word)
      expect(
        Array.from(kept.keys()).filter((word) => kept[word]),
        String(share),
      ).toEqual(expected.sort((a, b) => a - b))
    }
  })

  it('says the prior of a document in which no kept word stands, and nothing of words that are not kept', async () => {
    const model = await fit({ keepByIgr: 0.1 })
    const logs = await logPosterior(model)
    const prior = Array.from(
      { length: labelCount },
      (_, label) => train.filter((document) => labels[document] === label).length / trainCount,
    )
    // The last document is empty.
    prior.forEach((share, label) =>
      expect(Math.exp(logs[(test.length - 1) * labelCount + label]!)).toBeCloseTo(share, 6),
    )
    const { contributions } = await model.explain(
      {
        text: '',
        words: {
          words: vocabulary,
          ids: Int32Array.from({ length: vocabulary }, (_, word) => word),
          spans: new Uint32Array(2 * vocabulary),
        },
      },
      0,
      quietContext,
    )
    expect(contributions!.filter(({ value }) => value !== 0)).toHaveLength(5)
  })

  it('is what it was when it is read again, and refuses files of another size', async () => {
    const model = await fit({ keepByIgr: 0.5, features: 'presence' })
    await model.save(directory)
    const vectors = () => Promise.reject(new Error('It has no vectors.'))
    const again = await naiveBayes.load!(directory, { vocabulary, labels: labelCount }, vectors)
    expect(await logPosterior(again)).toEqual(await logPosterior(model))
    expect(again.decision).toEqual(model.decision)
    for (const size of [
      { vocabulary: vocabulary + 1, labels: labelCount },
      { vocabulary, labels: labelCount - 1 },
    ]) {
      await expect(naiveBayes.load!(directory, size, vectors)).rejects.toMatchObject({ code: 'file/damaged' })
    }
    await truncate(join(directory, 'counts.npy'), 40)
    await expect(naiveBayes.load!(directory, { vocabulary, labels: labelCount }, vectors)).rejects.toMatchObject({
      code: 'file/damaged',
    })
  })

  it.each(['counts', 'presence'] as const)(
    'explains by what each word adds: with the prior it is the log-probability, centred (%s)',
    async (features) => {
      const model = await fit({ features, keepByIgr: 0.7 })
      const prior = Array.from(
        { length: labelCount },
        (_, label) => train.filter((document) => labels[document] === label).length / trainCount,
      )
      const logs = await logPosterior(model)
      for (const [row, document] of test.entries()) {
        const ids = words.ids.subarray(words.offsets[document], words.offsets[document + 1])
        const spans = Uint32Array.from({ length: 2 * ids.length }, (_, i) => i)
        // Without the prior, and without the norm, which is the same for every label: what the words say.
        const said = prior.map((share, label) => logs[row * labelCount + label]! - Math.log(share))
        const mean = said.reduce((sum, value, label) => sum + prior[label]! * value, 0)
        for (let label = 0; label < labelCount; label++) {
          const { contributions, attention, occlusion } = await model.explain(
            { text: '', words: { words: ids.length, ids, spans } },
            label,
            quietContext,
          )
          expect([attention, occlusion, contributions!.length]).toEqual([null, null, ids.length])
          expect(contributions!.map(({ start, end }) => [start, end])).toEqual(
            Array.from(ids, (_, i) => [2 * i, 2 * i + 1]),
          )
          const sum = contributions!.reduce((total, { value }) => total + value, 0)
          expect(Math.abs(sum - (said[label]! - mean))).toBeLessThan(1e-4)
        }
      }
    },
  )
})
