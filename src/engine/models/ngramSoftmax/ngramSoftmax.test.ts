import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ngramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import { quietContext, type StageContext } from '#engine/context.ts'
import type { ModelDocuments, TrainedModel, TrainingData } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { mostDual } from './chooseFit.ts'
import { loadLinearModel } from './linearModelFiles.ts'
import { featureSettings, writeLogits } from './linearModel.ts'
import { ngramSoftmax } from './ngramSoftmax.ts'
import { Vectoriser } from './vectoriser.ts'

const count = 240
const valleys = [
  ['Grüezi', 'chuchi', 'öppis'],
  ['Moin', 'lütt', 'büx'],
  ['Servus', 'oachkatzl', 'a bissl'],
]

/** Documents of three valleys that share most of their words. */
function valleyData(): TrainingData {
  const random = seededRandom(11)
  const of = Int32Array.from({ length: count }, (_, i) => i % 3)
  const texts = Array.from(of, (label) => {
    const words = Array.from({ length: 12 }, () =>
      random.next() < 0.25 ? valleys[label]![random.below(3)]! : `wort${random.below(40)}`,
    )
    return Buffer.from(words.join(' '))
  })
  const documents = Int32Array.from({ length: count }, (_, i) => i)
  return {
    documents: inText(texts),
    tokenisation: 'text',
    vocabularySize: 0,
    train: documents.filter((i) => i % 5 > 0),
    dev: documents.filter((i) => i % 5 === 0),
    points: {
      lat: Float64Array.from(of, (label) => 46 + label + 0.1 * random.normal()),
      lon: Float64Array.from(of, (label) => 8 + label + 0.1 * random.normal()),
    },
    labels: { of, centres: { lat: Float64Array.of(46, 47, 48), lon: Float64Array.of(8, 9, 10) } },
    vectors: null,
  }
}

/** Texts in two pieces, as a corpus gives them. */
const inText = (texts: Buffer[]): ModelDocuments => ({
  input: 'text',
  async *texts() {
    yield texts.slice(0, 100)
    await Promise.resolve()
    yield texts.slice(100)
  },
})

const settings = (more: object = {}) => ngramSoftmaxSettings.parse({ method: 'ngram-softmax', ...more })
const train = (data: TrainingData, more: object, context: StageContext = quietContext) =>
  ngramSoftmax.train(settings(more), data, {
    seed: 1,
    checkpoint: '',
    context,
    onEpoch: () => undefined,
    nowMs: () => 0,
  })

async function shareRight(model: TrainedModel, data: TrainingData): Promise<number> {
  const { posterior } = await model.predict(data.documents, data.dev, quietContext)
  const own = Array.from(data.dev, (document, i) =>
    Math.exp(posterior!.logProbabilities[3 * i + data.labels!.of[document]!]!),
  )
  return own.filter((probability) => probability > 0.5).length / own.length
}

async function inFolder(test: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'isogloss-ngram-'))
  try {
    await test(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

describe('ngram-softmax', () => {
  it.each(['sgd', 'adagrad', 'dual', 'auto'])(
    'tells the valleys apart by %s, and a second time by the same numbers',
    async (optimiser) => {
      const data = valleyData()
      const model = await train(data, { optimiser, targets: 'hard' })
      expect(await shareRight(model, data)).toBeGreaterThan(0.85)
      const again = await train(data, { optimiser, targets: 'hard' })
      expect(await again.predict(data.documents, data.dev, quietContext)).toEqual(
        await model.predict(data.documents, data.dev, quietContext),
      )
    },
  )

  it('answers in the order in which it is asked, whatever the order of the texts', async () => {
    const data = valleyData()
    const model = await train(data, { optimiser: 'sgd' })
    const forward = (await model.predict(data.documents, Int32Array.of(3, 150, 7), quietContext)).posterior!
      .logProbabilities
    const backward = (await model.predict(data.documents, Int32Array.of(7, 150, 3), quietContext)).posterior!
      .logProbabilities
    expect([...backward.subarray(6), ...backward.subarray(3, 6), ...backward.subarray(0, 3)]).toEqual([...forward])
  })

  it('holds documents out by itself where there is no development fold, and trains on them in the end', async () => {
    const data = valleyData()
    const model = await train(
      { ...data, train: Int32Array.from({ length: count }, (_, i) => i), dev: new Int32Array(0) },
      { optimiser: 'auto' },
    )
    expect(model.heldOut!.documents).toHaveLength(36)
    const after = (await model.predict(data.documents, model.heldOut!.documents, quietContext)).posterior!
    expect(after.logProbabilities).not.toEqual(model.heldOut!.posterior.logProbabilities)
  })

  it('adds its contributions up to the score of the label', async () => {
    const data = valleyData()
    await inFolder(async (directory) => {
      const trained = await train(data, { optimiser: 'adagrad' })
      await trained.save(directory)
      const linear = await loadLinearModel(directory, { vocabulary: 0, labels: 3 })
      const vectoriser = new Vectoriser(linear.features, featureSettings(linear.settings, linear.tokenisation))
      for (const text of ['Grüezi mitenand, i dä Chuchi', 'Moin moin İ wort1 wort1', 'Servus', '']) {
        const logits = new Float64Array(3)
        vectoriser.read(text)
        writeLogits(linear, vectoriser, logits)
        const scores = Array.from(logits, (logit, label) => logit - Math.log(linear.prior[label]!))
        const total = linear.prior.reduce((sum, share) => sum + share)
        const mean = scores.reduce((sum, score, label) => sum + (score * linear.prior[label]!) / total, 0)
        for (const label of [0, 1, 2]) {
          const { contributions } = await trained.explain({ text, words: null }, label, quietContext)
          expect(contributions!.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(scores[label]! - mean, 9)
          for (const { start, end } of contributions!) expect(text.slice(start, end)).toHaveLength(end - start)
        }
      }
    })
  })

  it('answers the same when it is loaded, and is refused where a file is damaged', async () => {
    const data = valleyData()
    await inFolder(async (directory) => {
      const model = await train(data, { optimiser: 'sgd' })
      await model.save(directory)
      const load = (labels: number) =>
        ngramSoftmax.load!(directory, { vocabulary: 0, labels }, () => Promise.reject(new Error('no vectors are read')))
      const loaded = await load(3)
      expect(await loaded.predict(data.documents, data.dev, quietContext)).toEqual(
        await model.predict(data.documents, data.dev, quietContext),
      )
      await expect(load(4)).rejects.toMatchObject({ code: 'file/damaged' })
      await writeFile(join(directory, 'idf.npy'), 'nothing')
      await expect(load(3)).rejects.toMatchObject({ code: 'file/damaged' })
    })
  })

  it.each(['sgd', 'dual'])('is stopped by a cancel while it trains by %s', async (optimiser) => {
    const stop = new AbortController()
    const data = valleyData()
    const context = { ...quietContext, signal: stop.signal }
    const long = train(data, { optimiser, epochs: 1000, featureDropout: 0, l2: 0 }, context)
    setTimeout(() => stop.abort(), 100)
    await expect(long).rejects.toThrow(/abort/i)
  })

  it('refuses the dual form of more documents than its kernel can hold', async () => {
    const data = { ...valleyData(), train: new Int32Array(mostDual + 1) }
    await expect(train(data, { optimiser: 'dual' })).rejects.toMatchObject({ code: 'training/too-many-documents' })
  })

  it('reads survey answers as they are', async () => {
    const data = { ...valleyData(), tokenisation: 'answers' as const }
    const model = await train(data, { optimiser: 'sgd' })
    const { contributions } = await model.explain({ text: 'Moin wort1', words: null }, 1, quietContext)
    expect(contributions![0]).toMatchObject({ start: 0, end: 4 })
  })
})
