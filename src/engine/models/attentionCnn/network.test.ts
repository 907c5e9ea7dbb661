import { beforeAll, describe, expect, it } from 'vitest'
import { attentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { Tensor, TensorFlow } from '#engine/compute/types.ts'
import { seededRandom } from '#engine/random.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { crossEntropy, scaledDistance } from '#engine/models/learning/losses.ts'
import { layOutBatch, withKeptWords, type Batch } from './batches.ts'
import { runNetwork } from './network.ts'
import { networkInput } from './networkInput.ts'
import { featureCount, joinGradients, listParameters, sizeOf, splitParameters, startParameters } from './parameters.ts'
import { predictDocuments } from './predict.ts'
import { referenceForward, referenceLosses, valuesOf, type ReferenceDocument } from './testing/referenceNetwork.ts'
import { composeVectors } from './composeVectors.ts'
import { listWordRows, ngramRowCount } from './wordRows.ts'

let tf: TensorFlow
beforeAll(async () => ({ tf } = await loadTensorFlow()))

const dimensions = 5
const labelCount = 3
const variants = [
  { attention: 'yang' },
  { attention: 'none', pooling: 'mean' },
  { attention: 'none', pooling: 'max' },
  { attention: 'yang', pools: [1, 1] },
  { attention: 'yang', characters: { ngrams: [2, 3], buckets: 16 } },
] as const

function smallSettings(variant: object) {
  return attentionCnnSettings.parse({
    method: 'attention-cnn',
    tasks: ['labels', 'coordinates'],
    filters: [4, 6],
    attentionUnits: 3,
    ...variant,
  })
}

function randomDocuments(lengths: number[]): EncodedDocuments {
  const random = seededRandom(7)
  const offsets = new Float64Array(lengths.length + 1)
  lengths.forEach((length, i) => (offsets[i + 1] = offsets[i]! + length))
  return {
    offsets,
    ids: Int32Array.from({ length: offsets.at(-1)! }, () => random.below(20)),
    spell: (id) => 'abcdefgh'.slice(id % 7, 1 + (id % 7) + (id >> 2)),
  }
}

const vectorsOf = (rows: number) => {
  const random = seededRandom(8)
  return {
    rows,
    columns: dimensions,
    values: Float32Array.from({ length: rows * dimensions }, () => random.normal()),
  }
}

describe.each(variants)('network %o', (variant) => {
  const settings = smallSettings(variant)
  const ngramRows = ngramRowCount(settings)
  const features = featureCount(settings, dimensions)
  // With characters the vocabulary lacks some of the words.
  const vectors = () => vectorsOf(ngramRows > 0 ? 15 + ngramRows : 20)
  const parameters = listParameters(settings, { dimensions, labelCount })
  // Larger values than training starts from: gradients far from zero show mistakes.
  const start = () => startParameters(parameters, seededRandom(3)).map((value, i) => value + 0.1 * Math.sin(i))
  const documents = randomDocuments([11, 3, 16])
  const multiple = settings.pools[0] * settings.pools[1]

  const random = seededRandom(11)
  const batch = layOutBatch(documents, Int32Array.of(0, 1, 2), multiple)
  const masks = {
    words: Uint8Array.from({ length: 3 * batch.length }, () => (random.next() < 0.2 ? 0 : 1)),
    features: Float32Array.from({ length: 3 * features }, () => (random.next() < 0.5 ? 0 : 2)),
  }
  const truth = [
    [1, 0, 0],
    [0.1, 0.2, 0.7],
    [0, 0.5, 0.5],
  ]
  const targets: [number, number][] = [
    [0.1, 0.9],
    [0.4, 0.4],
    [0.8, 0.2],
  ]

  /** Vectors of the batch's words from those of its distinct words, as the reference reads them. */
  function referenceDocuments(distinctRows: ArrayLike<number>): ReferenceDocument[] {
    return truth.map((labels, i) => ({
      words: Array.from({ length: batch.lengths[i]! }, (_, t) => {
        const place = i * batch.length + t
        const start = batch.positions[place]! * dimensions
        return Array.from({ length: dimensions }, (_, d) => (masks.words[place] ? distinctRows[start + d]! : 0))
      }),
      featureKeep: Array.from(masks.features.subarray(features * i, features * (i + 1))),
      labels,
      coordinates: targets[i]!,
    }))
  }
  const rowsOfBatch = () => Float64Array.from(composeVectors(vectors(), listWordRows(settings, vectors().rows, batch)))
  const losses = (flat: ArrayLike<number>, rows: ArrayLike<number>) =>
    referenceLosses(settings, valuesOf(parameters, flat), labelCount, referenceDocuments(rows))

  function ours() {
    return tf.tidy(() => {
      const input = networkInput(tf, settings, vectors(), batch, masks)
      const output = runNetwork(tf, settings, splitParameters(tf, tf.tensor1d(start()), parameters), input)
      const label = crossEntropy(tf, output.logits!, tf.tensor2d(truth))
      const coordinate = scaledDistance(tf, output.coordinates!, tf.tensor2d(targets))
      const pulled = output.pull('labels', label.gradient, true)
      const besides = output.pull('coordinates', coordinate.gradient, true)
      const read = (tensor: Tensor) => Array.from(tensor.dataSync())
      return {
        labelLoss: read(label.value)[0]!,
        coordinateLoss: read(coordinate.value)[0]!,
        weights: read(output.weights),
        labelGradient: read(joinGradients(tf, pulled.parameters, parameters)),
        rowGradient: read(pulled.rows!),
        coordinateRowGradient: read(besides.rows!),
        coordinateGradient: read(joinGradients(tf, besides.parameters, parameters)),
      } as never
    }) as unknown as Record<'labelLoss' | 'coordinateLoss', number> &
      Record<'weights' | 'labelGradient' | 'rowGradient' | 'coordinateGradient' | 'coordinateRowGradient', number[]>
  }

  it('puts out what the plain reference does', () => {
    const { labelLoss, coordinateLoss, weights } = ours()
    const expected = losses(start(), rowsOfBatch())
    expect(labelLoss).toBeCloseTo(expected.labels, 5)
    expect(coordinateLoss).toBeCloseTo(expected.coordinates, 5)
    if (settings.attention === 'none' && settings.pooling === 'max') return
    referenceDocuments(rowsOfBatch()).forEach((document, i) => {
      const alone = referenceForward(settings, valuesOf(parameters, start()), labelCount, document).weights
      alone.forEach((weight, t) => expect(weights[(i * batch.length) / multiple + t]).toBeCloseTo(weight, 5))
    })
  })

  it('has the gradients of the reference, by finite differences in float64, layer by layer', () => {
    const found = ours()
    const values = Float64Array.from(start())
    const rows = rowsOfBatch()
    const step = 1e-5
    const slopes = (moved: Float64Array, i: number, at: () => ReturnType<typeof losses>) => {
      const kept = moved[i]!
      moved[i] = kept + step
      const above = at()
      moved[i] = kept - step
      const below = at()
      moved[i] = kept
      return {
        labels: (above.labels - below.labels) / (2 * step),
        coordinates: (above.coordinates - below.coordinates) / (2 * step),
      }
    }
    let place = 0
    for (const { name, shape } of parameters) {
      let largest = 0
      for (const end = place + sizeOf(shape); place < end; place++) {
        const slope = slopes(values, place, () => losses(values, rows))
        expect(Math.abs(found.labelGradient[place]! - slope.labels), `${name}, labels`).toBeLessThan(2e-5)
        expect(Math.abs(found.coordinateGradient[place]! - slope.coordinates), `${name}, coordinates`).toBeLessThan(
          2e-5,
        )
        largest = Math.max(largest, Math.abs(slope.labels), Math.abs(slope.coordinates))
      }
      expect(largest, name).toBeGreaterThan(1e-3)
    }
    for (let i = 0; i < rows.length; i++) {
      const slope = slopes(rows, i, () => losses(values, rows))
      expect(Math.abs(found.rowGradient[i]! - slope.labels), 'word vectors').toBeLessThan(2e-5)
      expect(Math.abs(found.coordinateRowGradient[i]! - slope.coordinates), 'word vectors').toBeLessThan(2e-5)
    }
  })

  it('predicts a document alike whatever it is batched with', async () => {
    const network = { settings, parameters, values: start(), vectors: vectors() }
    const many = randomDocuments([9, 40, 1, 0, 17, 23])
    const signal = new AbortController().signal
    const together = await predictDocuments(tf, network, many, Int32Array.of(5, 0, 1, 2, 3, 4), { signal })
    for (const [i, document] of [5, 0, 1, 2, 3, 4].entries()) {
      const alone = await predictDocuments(tf, network, many, Int32Array.of(document), { signal })
      for (let label = 0; label < labelCount; label++) {
        expect(together.posterior!.logProbabilities[i * labelCount + label]).toBeCloseTo(
          alone.posterior!.logProbabilities[label]!,
          4,
        )
      }
      expect(together.coordinates![2 * i]).toBeCloseTo(alone.coordinates![0]!, 5)
      expect(together.weights[i]!.length).toBe(
        Math.ceil((many.offsets[document + 1]! - many.offsets[document]!) / multiple),
      )
      alone.weights[0]!.forEach((weight, position) => expect(together.weights[i]![position]).toBeCloseTo(weight, 5))
      if (alone.weights[0]!.length) expect(alone.weights[0]!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4)
    }
  })

  it('computes the same without the distinct words that are dropped', () => {
    const few = { ...masks, words: masks.words.map((kept, place) => (place % 3 === 0 ? kept : 0)) }
    const logitsOf = (of: Batch) =>
      tf.tidy(() => {
        const { logits } = runNetwork(
          tf,
          settings,
          splitParameters(tf, tf.tensor1d(start()), parameters),
          networkInput(tf, settings, vectors(), of, few),
        )
        return Array.from(logits!.dataSync()) as never
      }) as unknown as number[]
    const kept = withKeptWords(batch, few.words)
    expect(kept.distinct.length).toBeLessThan(batch.distinct.length)
    logitsOf(kept).forEach((logit, i) => expect(logit).toBeCloseTo(logitsOf(batch)[i]!, 5))
  })

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    await predictDocuments(
      tf,
      { settings, parameters, values: start(), vectors: vectors() },
      documents,
      Int32Array.of(0, 1),
      {
        signal: new AbortController().signal,
      },
    )
    expect(tf.memory().numTensors).toBe(before)
  })
})
