import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import { quietContext, type StageContext } from '#engine/context.ts'
import type { TrainedModel, TrainingData } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { attentionCnn } from './attentionCnn.ts'

const [vocabulary, dimensions, documentCount, trainCount] = [12, 8, 400, 320]
const numbers = Int32Array.from({ length: documentCount }, (_, i) => i)
const [train, dev] = [numbers.subarray(0, trainCount), numbers.subarray(trainCount)]
const small = { method: 'attention-cnn', filters: [6, 8], attentionUnits: 4, batch: 32, dropout: 0, wordDropout: 0 }

/** Documents of five words drawn without regard to their place; most lie in the south-west, some far in the north-east. */
function noise(): TrainingData {
  const random = seededRandom(5)
  const far = numbers.map(() => (random.next() < 0.35 ? 1 : 0))
  const words = {
    ids: Int32Array.from({ length: 5 * documentCount }, () => random.below(vocabulary)),
    offsets: Float64Array.from({ length: documentCount + 1 }, (_, i) => 5 * i),
  }
  const lat = Float64Array.from(far, (there) => 40 + 8 * there + random.next())
  const lon = Float64Array.from(far, (there) => 5 + 8 * there + random.next())
  return {
    documents: { input: 'words', words },
    tokenisation: 'text',
    vocabularySize: vocabulary,
    train,
    dev,
    points: { lat, lon },
    labels: { of: far, centres: { lat: Float64Array.of(40.5, 48.5), lon: Float64Array.of(5.5, 13.5) } },
    vectors: {
      rows: vocabulary,
      columns: dimensions,
      values: Float32Array.from({ length: vocabulary * dimensions }, () => random.normal()),
    },
  }
}

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

function fit(
  settings: object,
  data: TrainingData,
  onEpoch: (metrics: EpochMetrics) => void = () => undefined,
  context: StageContext = quietContext,
) {
  const parsed = attentionCnnSettings.parse({ ...small, ...settings })
  const task = { seed: 1, checkpoint: join(directory, 'checkpoint'), context, onEpoch, nowMs: () => 0 }
  return attentionCnn.train(parsed, data, task)
}
const said = (model: TrainedModel, { documents }: TrainingData) => model.predict(documents, dev, quietContext)
const noVectors = () => Promise.reject(new Error('It has vectors of its own.'))

/** The point of least summed distance to others (Weiszfeld 1937), in degrees, which is what `box` keeps to for a square box. */
function medianPoint({ lat, lon }: TrainingData['points'], rows: Int32Array): [number, number] {
  let [y, x] = [44, 9]
  for (let round = 0; round < 500; round++) {
    let [sumY, sumX, weights] = [0, 0, 0]
    for (const row of rows) {
      const weight = 1 / Math.max(1e-9, Math.hypot(lat[row]! - y, lon[row]! - x))
      sumY += weight * lat[row]!
      sumX += weight * lon[row]!
      weights += weight
    }
    ;[y, x] = [sumY / weights, sumX / weights]
  }
  return [y, x]
}

describe('a network of coordinates alone', { timeout: 60_000 }, () => {
  it('converges to the median point, not to the mean, where words say nothing', async () => {
    const data = { ...noise(), labels: null }
    const settings = { tasks: ['coordinates'], epochs: 40, learningRate: 2e-3, fineTune: false, wordDropout: 0.9 }
    const epochs: EpochMetrics[] = []
    const model = await fit(settings, data, (metrics) => epochs.push(metrics))
    const { posterior, coordinates } = await said(model, data)
    expect(posterior).toBeNull()
    const [lat, lon] = medianPoint(data.points, train)
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length
    const middle = [mean(coordinates!.lat), mean(coordinates!.lon)] as const
    const fromMedian = Math.hypot(middle[0] - lat, middle[1] - lon)
    const places = [data.points.lat, data.points.lon].map((values) => mean(values.subarray(0, trainCount)))
    const meanFromMedian = Math.hypot(places[0]! - lat, places[1]! - lon)
    expect(meanFromMedian).toBeGreaterThan(2)
    expect(fromMedian).toBeLessThan(0.25 * meanFromMedian)
    expect(epochs.at(-1)).toMatchObject({ devAccuracy: null, coordinateLoss: null })
    expect(epochs.at(-1)!.trainLoss).toBeLessThan(epochs[0]!.trainLoss)
  })

  it('is what it was when it is read again, and speaks for no label', async () => {
    const data = { ...noise(), labels: null }
    const model = await fit({ tasks: ['coordinates'], epochs: 1 }, data)
    await model.save(directory)
    const again = await attentionCnn.load!(directory, { vocabulary, labels: 0 }, noVectors)
    expect(await said(again, data)).toEqual(await said(model, data))
    const words = { words: 2, ids: Int32Array.of(1, 2), spans: Uint32Array.of(0, 1, 2, 3) }
    const { attention, occlusion } = await again.explain({ text: 'a b', words }, null, quietContext)
    expect(attention).toHaveLength(1)
    expect(occlusion).toBeNull()
  })
})

describe('joint: false', { timeout: 60_000 }, () => {
  it('is the two networks that its tasks alone would be, with the curve of both', async () => {
    const curve: EpochMetrics[] = []
    const settings = { epochs: 2 }
    const apart = await fit({ ...settings, tasks: ['labels', 'coordinates'], joint: false }, noise(), (metrics) =>
      curve.push(metrics),
    )
    const alone: TrainedModel[] = []
    for (const task of ['labels', 'coordinates']) {
      await rm(join(directory, 'checkpoint'), { recursive: true })
      alone.push(
        await fit({ ...settings, tasks: [task] }, { ...noise(), ...(task === 'labels' ? {} : { labels: null }) }),
      )
    }
    const { posterior } = await said(alone[0]!, noise())
    const { coordinates } = await said(alone[1]!, noise())
    expect(await said(apart, noise())).toEqual({ posterior, coordinates })
    expect(curve.map(({ trainLoss }) => trainLoss)).toEqual(alone[0]!.epochs!.map(({ trainLoss }) => trainLoss))
    expect(curve.map(({ coordinateLoss }) => coordinateLoss)).toEqual(
      alone[1]!.epochs!.map(({ trainLoss }) => trainLoss),
    )

    const kept = await mkdtemp(join(directory, 'kept-'))
    await apart.save(kept)
    const again = await attentionCnn.load!(kept, { vocabulary, labels: 2 }, noVectors)
    expect(await said(again, noise())).toEqual({ posterior, coordinates })
    await expect(attentionCnn.load!(kept, { vocabulary, labels: 3 }, noVectors)).rejects.toMatchObject({
      code: 'file/damaged',
    })
  })

  it('is refused for one task', () => {
    const parsed = attentionCnnSettings.safeParse({ method: 'attention-cnn', tasks: ['labels'], joint: false })
    expect(parsed.error!.issues[0]!.message).toContain('one task has one network')
  })
})

/** Documents of a known word by chance and four that the vocabulary lacks, none of them twice; in the north-east these end in "li". */
function spelled(): TrainingData {
  const data = noise()
  const random = seededRandom(6)
  const spellings: string[] = []
  const words = {
    ids: Int32Array.from({ length: 5 * documentCount }, (_, i) =>
      i % 5 === 2 ? random.below(vocabulary) : vocabulary + i,
    ),
    offsets: Float64Array.from({ length: documentCount + 1 }, (_, i) => 5 * i),
    spell: (id: number) => spellings[id - vocabulary]!,
  }
  for (const label of data.labels!.of)
    for (let i = 0; i < 5; i++) {
      const stem = Array.from({ length: 6 }, () => 'abcdefghik'[random.below(10)]!).join('')
      spellings.push(label === 1 ? `${stem}li` : stem)
    }
  return { ...data, documents: { input: 'words', words } }
}

describe('characters', { timeout: 60_000 }, () => {
  const settings = {
    epochs: 20,
    characters: { ngrams: [2, 3], buckets: 500 },
    learningRate: 5e-3,
    vectorsLearningRate: 0.05,
  }

  it('tell words apart that the vocabulary lacks, and say so when the model is read again', async () => {
    const data = spelled()
    const model = await fit(settings, data)
    expect(model.epochs!.at(-1)!.devAccuracy).toBeGreaterThan(0.95)
    await model.save(directory)
    const again = await attentionCnn.load!(directory, { vocabulary, labels: 2 }, noVectors)
    expect(await said(again, data)).toEqual(await said(model, data))
    const text = ['abcdef', 'efghikli', 'abc']
    const spell = (id: number) => text[id - vocabulary]!
    const ids = Int32Array.of(vocabulary, vocabulary + 1, vocabulary + 2)
    const words = { words: 3, ids, spans: Uint32Array.of(0, 6, 7, 15, 16, 19), spell }
    const { occlusion } = await again.explain({ text: text.join(' '), words }, 1, quietContext)
    const changes = occlusion!.map(({ change }) => change)
    expect(changes[1]).toBe(Math.min(...changes))
    expect(changes[1]).toBeLessThan(-0.1)
  })

  it('train to the same bits where training is broken off and continued', async () => {
    const [data, fold] = [spelled(), { ...settings, epochs: 3 }]
    const whole = await said(await fit(fold, data), data)
    await rm(join(directory, 'checkpoint'), { recursive: true })
    const stop = new AbortController()
    const report: StageContext['report'] = ({ done }) => done === 14 && stop.abort()
    await expect(fit(fold, data, undefined, { ...quietContext, signal: stop.signal, report })).rejects.toThrow(/abort/i)
    expect(await said(await fit(fold, spelled()), data)).toEqual(whole)
  })

  it('are trained with the vectors of words alone', () => {
    const parsed = attentionCnnSettings.safeParse({ characters: {}, fineTune: false })
    expect(parsed.error!.issues[0]!.message).toContain('set fineTune: true')
  })
})
