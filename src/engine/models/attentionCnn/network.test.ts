import { beforeAll, describe, expect, it } from 'vitest'
import { attentionCnnSettings } from '#protocol/experiment.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import { seededRandom } from '#engine/random.ts'
import { layOutBatch, type EncodedDocuments } from './batches.ts'
import { crossEntropy, scaledDistance } from './losses.ts'
import { runNetwork, type NetworkInput } from './network.ts'
import { joinGradients, listParameters, sizeOf, splitParameters, startParameters } from './parameters.ts'
import { predictDocuments } from './predict.ts'

let tf: TensorFlow
beforeAll(async () => ({ tf } = await loadTensorFlow()))

const dimensions = 5
const labelCount = 3
const variants = [
  { attention: 'yang' },
  { attention: 'none', pooling: 'mean' },
  { attention: 'none', pooling: 'max' },
  { attention: 'yang', pools: [1, 1] },
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
  return { offsets, ids: Int32Array.from({ length: offsets.at(-1)! }, () => random.below(20)) }
}

const vectors = () => {
  const random = seededRandom(8)
  return { rows: 20, columns: dimensions, values: Float32Array.from({ length: 20 * dimensions }, () => random.normal()) }
}

describe.each(variants)('network %o', (variant) => {
  const settings = smallSettings(variant)
  const parameters = listParameters(settings, { dimensions, labelCount })
  // Larger values than training starts from: gradients far from zero show mistakes.
  const start = () => startParameters(parameters, seededRandom(3)).map((value, i) => value + 0.1 * Math.sin(i))
  const documents = randomDocuments([11, 3, 16])
  const multiple = settings.pools[0] * settings.pools[1]

  function losses(values: Tensor1D, rows: Tensor2D) {
    const batch = layOutBatch(documents, Int32Array.of(0, 1, 2), multiple)
    const random = seededRandom(11)
    const input: NetworkInput = {
      rows,
      positions: tf.tensor1d(batch.positions, 'int32'),
      mask: tf.tensor2d(batch.mask, [3, batch.length]),
      wordKeep: tf.tensor2d(batch.mask.map(() => (random.next() < 0.2 ? 0 : 1)), [3, batch.length]),
      featureKeep: tf.tensor2d(Float32Array.from({ length: 36 }, () => (random.next() < 0.5 ? 0 : 2)), [3, 12]),
    }
    const output = runNetwork(tf, settings, splitParameters(tf, values, parameters), input)
    return {
      output,
      labels: crossEntropy(tf, output.logits, tf.tensor1d([0, 2, 1], 'int32')),
      coordinates: scaledDistance(tf, output.coordinates!, tf.tensor2d([0.1, 0.9, 0.4, 0.4, 0.8, 0.2], [3, 2])),
    }
  }

  function distinctRows() {
    const batch = layOutBatch(documents, Int32Array.of(0, 1, 2), multiple)
    const { values } = vectors()
    return tf.tensor2d(
      Float32Array.from(batch.distinct, () => 0).length
        ? Array.from(batch.distinct, (id) => Array.from(values.subarray(id * dimensions, (id + 1) * dimensions)))
        : [],
    )
  }

  it('has the gradients that TensorFlow finds by its own tape', () => {
    const values = tf.tensor1d(start())
    const rows = distinctRows()
    const { ours, theirs } = tf.tidy(() => {
      const { output, labels, coordinates } = losses(values, rows)
      const pulled = output.pullLogits(labels.gradient, true)
      const [labelValues, labelRows] = tf.grads((v: Tensor, r: Tensor) => losses(v as Tensor1D, r as Tensor2D).labels.value.asScalar())([values, rows])
      const [coordinateValues] = tf.grads((v: Tensor, r: Tensor) => losses(v as Tensor1D, r as Tensor2D).coordinates.value.asScalar())([values, rows])
      return {
        ours: [
          joinGradients(tf, pulled.parameters, parameters),
          pulled.rows!.flatten(),
          joinGradients(tf, output.pullCoordinates(coordinates.gradient), parameters),
        ].map((tensor) => Array.from(tensor.dataSync())),
        theirs: [labelValues!, labelRows!.flatten(), coordinateValues!].map((tensor) => Array.from(tensor.dataSync())),
      } as unknown as { ours: number[][]; theirs: number[][] } & Tensor[]
    })
    ours.forEach((gradient, which) => {
      expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-4)
      gradient.forEach((value, i) => expect(value).toBeCloseTo(theirs[which]![i]!, 5))
    })
    tf.dispose([values, rows])
  })

  it('has the gradients of finite differences, layer by layer', () => {
    const values = start()
    const rows = distinctRows()
    const valueAt = (changed: Float32Array, which: 'labels' | 'coordinates') =>
      tf.tidy(() => losses(tf.tensor1d(changed), rows)[which].value.dataSync()[0]!) as unknown as number
    const pulled = tf.tidy(() => {
      const { output, labels, coordinates } = losses(tf.tensor1d(values), rows)
      return [
        joinGradients(tf, output.pullLogits(labels.gradient, false).parameters, parameters),
        joinGradients(tf, output.pullCoordinates(coordinates.gradient), parameters),
      ]
    })
    const gradients = pulled.map((tensor) => tensor.dataSync() as Float32Array)
    tf.dispose(pulled)
    let offset = 0
    for (const { name, shape } of parameters) {
      // The direction of the gradient itself: one number a layer that float32 can tell from noise.
      for (const which of [0, 1] as const) {
        const slice = gradients[which]!.slice(offset, offset + sizeOf(shape))
        const norm = Math.hypot(...slice)
        if (norm < 1e-5) continue
        const step = 2e-3
        const moved = (sign: number) => values.map((value, i) => (i >= offset && i < offset + slice.length ? value + (sign * step * slice[i - offset]!) / norm : value))
        const task = which === 0 ? 'labels' : 'coordinates'
        const slope = (valueAt(moved(1), task) - valueAt(moved(-1), task)) / (2 * step)
        expect(Math.abs(slope - norm), `${name}, ${task}`).toBeLessThan(0.02 * norm + 5e-4)
      }
      offset += sizeOf(shape)
    }
    rows.dispose()
  })

  it('predicts a document alike whatever it is batched with', async () => {
    const network = { settings, parameters, values: start(), vectors: vectors() }
    const many = randomDocuments([9, 40, 1, 0, 17, 23])
    const signal = new AbortController().signal
    const together = await predictDocuments(tf, network, many, Int32Array.of(5, 0, 1, 2, 3, 4), { signal })
    for (const [i, document] of [5, 0, 1, 2, 3, 4].entries()) {
      const alone = await predictDocuments(tf, network, many, Int32Array.of(document), { signal })
      for (let label = 0; label < labelCount; label++) {
        expect(together.logProbabilities[i * labelCount + label]).toBeCloseTo(alone.logProbabilities[label]!, 4)
      }
      expect(together.coordinates![2 * i]).toBeCloseTo(alone.coordinates![0]!, 5)
      expect(together.weights[i]!.length).toBe(Math.ceil((many.offsets[document + 1]! - many.offsets[document]!) / multiple))
      alone.weights[0]!.forEach((weight, position) => expect(together.weights[i]![position]).toBeCloseTo(weight, 5))
      if (alone.weights[0]!.length) expect(alone.weights[0]!.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4)
    }
  })

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    await predictDocuments(tf, { settings, parameters, values: start(), vectors: vectors() }, documents, Int32Array.of(0, 1), {
      signal: new AbortController().signal,
    })
    expect(tf.memory().numTensors).toBe(before)
  })
})
