import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { attentionCnnSettings, type AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { targetsOf } from '#engine/models/learning/targets.ts'
import { layOutBatch } from './batches.ts'
import { listParameters, startParameters } from './parameters.ts'
import { predictDocuments } from './predict.ts'
import { trainingStep, type StepState } from './trainingStep.ts'
import { inMemoryCheckpoints } from './testing/inMemoryCheckpoints.ts'
import { trainNetwork, type TrainingInput } from './trainNetwork.ts'
import { trainableVectors } from './wordVectors.ts'

let tf: TensorFlow
beforeAll(async () => ({ tf } = await loadTensorFlow()))

const [vocabulary, dimensions, labelCount, documentCount] = [60, 16, 4, 40]
const settings = attentionCnnSettings.parse({
  method: 'attention-cnn',
  tasks: ['labels', 'coordinates'],
  filters: [8, 12],
  attentionUnits: 6,
  batch: 8,
  epochs: 2,
})

/** Documents of which label l holds more of the words 10 l to 10 l + 9. */
function trainingInput(): TrainingInput {
  const random = seededRandom(1)
  const labels = Int32Array.from({ length: documentCount }, (_, i) => i % labelCount)
  const ids: number[] = []
  const offsets = [0]
  for (const label of labels) {
    for (let i = 4 + random.below(20); i > 0; i--)
      ids.push(random.next() < 0.4 ? 10 * label + random.below(10) : random.below(vocabulary))
    offsets.push(ids.length)
  }
  const rows = Int32Array.from(labels.keys())
  return {
    documents: { ids: Int32Array.from(ids), offsets: Float64Array.from(offsets) },
    train: rows.subarray(0, 32),
    dev: rows.subarray(32),
    points: {
      lat: Float64Array.from(labels, (label) => 40 + label),
      lon: Float64Array.from(labels, (label) => 8 + label),
    },
    labels: { of: labels, centres: { lat: Float64Array.of(40, 41, 42, 43), lon: Float64Array.of(8, 9, 10, 11) } },
    vectors: {
      rows: vocabulary,
      columns: dimensions,
      values: Float32Array.from({ length: vocabulary * dimensions }, () => random.normal()),
    },
  }
}

async function train(with_: TensorFlow, note: (message: string) => void = () => undefined, given = settings) {
  const task = {
    seed: 3,
    checkpoints: inMemoryCheckpoints(),
    context: { ...quietContext, note },
    onEpoch: () => undefined,
    nowMs: () => 0,
  }
  return trainNetwork(with_, given, trainingInput(), task)
}

const bytesOf = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)

describe('trainNetwork', () => {
  it('gives the same bits again, whatever else the machine does', async () => {
    const { values: alone } = (await train(tf)).weights
    const burners = [0, 1, 2].map(() => new Worker('for (;;) Math.sqrt(Math.random())', { eval: true }))
    const { values: disturbed } = (await train(tf)).weights
    await Promise.all(burners.map((burner) => burner.terminate()))
    expect(bytesOf(disturbed).equals(bytesOf(alone))).toBe(true)
  })

  it('is trained towards the labels near a document where it is asked to', async () => {
    const notes: string[] = []
    const with_ = (targets: AttentionCnnSettings['targets']) =>
      train(tf, (message) => notes.push(message), {
        ...settings,
        epochs: 20,
        learningRate: 3e-3,
        patience: 25,
        dropout: 0,
        wordDropout: 0,
        targets,
      })
    const [hard, soft] = [await with_(undefined), await with_({ smoothingKm: 'auto' })]
    expect(notes).toEqual([expect.stringMatching(/^Soft targets: smoothing of \d+\.\d km/)])
    const last = ({ epochs }: typeof hard) => epochs.at(-1)!.trainLoss
    // Cross-entropy ends at the entropy of the targets, which hard ones have none of.
    const { train: rows, labels, points } = trainingInput()
    const { fill, prior } = await targetsOf({ smoothingKm: 'auto' }, { train: rows, points, ...labels! }, quietContext)
    const one = new Float64Array(labelCount)
    const entropies = Array.from(rows, (document) => {
      fill(document, one)
      return -one.reduce((sum, share) => sum + share * Math.log(share), 0)
    })
    const entropy = entropies.reduce((a, b) => a + b) / rows.length
    expect(last(hard)).toBeLessThan(entropy / 2)
    expect(last(soft)).toBeGreaterThan(entropy)
    expect(last(soft)).toBeLessThan(1.2 * entropy)
    expect(soft.prior).toEqual(prior)
  })

  it('stops in words where its numbers run away, and keeps nothing as a result', async () => {
    const steep = { ...settings, learningRate: 1e30 }
    const task = {
      seed: 3,
      checkpoints: inMemoryCheckpoints(),
      context: quietContext,
      onEpoch: () => undefined,
      nowMs: () => 0,
    }
    await expect(trainNetwork(tf, steep, trainingInput(), task)).rejects.toMatchObject({
      code: 'training/diverged',
      message: expect.stringContaining('Lower learningRate (it is 1e+30)') as string,
    })
  })

  it('cuts batches where the device has no memory, to the same weights but for rounding', async () => {
    const notes: string[] = []
    const { values: small } = (await train(withMemoryFor(30), (message) => notes.push(message))).weights
    const { values: whole } = (await train(tf)).weights
    expect(notes.length).toBeGreaterThan(0)
    expect(notes[0]).toContain('in 2 parts')
    small.forEach((value, i) => expect(value).toBeCloseTo(whole[i]!, 4))
  })

  it('predicts alike where the device has no memory for a whole batch', async () => {
    const { documents, vectors, labels } = trainingInput()
    const parameters = listParameters(settings, { dimensions, labelCount })
    const network = { settings, parameters, values: startParameters(parameters, seededRandom(4)), vectors }
    const all = Int32Array.from(labels!.of.keys())
    const whole = await predictDocuments(tf, network, documents, all, quietContext)
    const cut = await predictDocuments(withMemoryFor(30), network, documents, all, quietContext)
    cut.posterior!.logProbabilities.forEach((value, i) =>
      expect(value).toBeCloseTo(whole.posterior!.logProbabilities[i]!, 5),
    )
    await expect(predictDocuments(withMemoryFor(1), network, documents, all, quietContext)).rejects.toMatchObject({
      code: 'compute/out-of-memory',
    })
  })
})

describe('trainingStep', () => {
  const parameters = listParameters(settings, { dimensions, labelCount })
  const plan = { settings, parameters, seed: 1 }
  const input = trainingInput()
  const members = Int32Array.of(0, 1, 2, 3)
  const batch = layOutBatch(input.documents, members, 8)
  const labels = new Float32Array(4 * labelCount)
  members.forEach((document, i) => (labels[i * labelCount + input.labels!.of[document]!] = 1))
  const targets = { labels, coordinates: new Float32Array(8).fill(0.5) }
  const startState = (): StepState => {
    const start = startParameters(parameters, seededRandom(5))
    return {
      vector: { values: tf.tensor1d(start), first: tf.zeros([start.length]), second: tf.zeros([start.length]) },
      vectors: trainableVectors(input.vectors, true),
      step: 0,
      losses: tf.tensor1d([0, 0]),
    }
  }
  const dispose = ({ vector, losses }: StepState) => tf.dispose([...Object.values(vector), losses])

  it('leaves as many tensors after a thousand steps as before', () => {
    let state = startState()
    const before = tf.memory().numTensors
    for (let step = 0; step < 1000; step++) state = trainingStep(tf, plan, state, { batch, targets })
    expect(tf.memory().numTensors).toBe(before)
    dispose(state)
  })

  it('moves the vectors of the batch and no others', () => {
    const before = input.vectors.values.slice()
    const state = trainingStep(tf, plan, startState(), { batch, targets })
    const moved = (word: number) =>
      Array.from({ length: dimensions }, (_, d) => word * dimensions + d).some(
        (i) => state.vectors.matrix.values[i] !== before[i],
      )
    const held = new Set(batch.distinct)
    for (let word = 0; word < vocabulary; word++) if (!held.has(word)) expect(moved(word)).toBe(false)
    // Words that are dropped stay too.
    const share = [...held].filter(moved).length / held.size
    expect(share).toBeGreaterThan(0.5)
    expect(share).toBeLessThan(1)
    dispose(state)
  })
})

/** TensorFlow on a device whose memory holds matrix products of at most `rows` rows where those are positions. */
function withMemoryFor(rows: number): TensorFlow {
  const matMul: TensorFlow['matMul'] = (a, b, ...transposed) => {
    const [height, width] = (a as { shape: number[] }).shape
    // Unfolded windows of the second convolution are the only untransposed products as wide as this.
    if (transposed.length === 0 && width! >= 4 * settings.filters[0] && height! > rows) {
      throw new Error('Invalid TF_Status: 8\nMessage: OOM when allocating tensor')
    }
    return tf.matMul(a, b, ...transposed)
  }
  return { ...tf, matMul }
}
