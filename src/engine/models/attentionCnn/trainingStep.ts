import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import { seededRandom } from '#engine/random.ts'
import { batchPart, withKeptWords, type Batch } from './batches.ts'
import { crossEntropy, scaledDistance } from '#engine/models/learning/losses.ts'
import { rowGradients } from './composeVectors.ts'
import { runNetwork } from './network.ts'
import { networkInput, type DropoutMasks } from './networkInput.ts'
import { adamStep, clipScale, sgdStep, type TrainedVector } from '#engine/models/learning/optimisers.ts'
import { featureCount, joinGradients, splitParameters, type Parameter } from './parameters.ts'
import { listWordRows } from './wordRows.ts'
import { updateRows, type WordVectors } from './wordVectors.ts'

export interface StepTargets {
  /** Distribution over labels of each document of the batch, documents x labels; null for a network of coordinates alone. */
  labels: Float32Array | null
  /** [lat, lon] in the unit square, interleaved; null for a network of labels alone. */
  coordinates: Float32Array | null
}

/** Documents of a step, and what is to be learned of them. */
export interface StepDocuments {
  batch: Batch
  targets: StepTargets
}

/** What all steps of a run share. */
export interface StepPlan {
  settings: AttentionCnnSettings
  parameters: Parameter[]
  seed: number
}

export interface StepState {
  vector: TrainedVector
  vectors: WordVectors
  /** Steps done so far. */
  step: number
  /** Losses of labels and of coordinates, summed over the epoch's documents so far. Whoever holds it disposes it. */
  losses: Tensor1D
}

/** Gradients and losses of a batch: what an optimiser needs. Whoever holds them disposes them. */
interface BatchGradients {
  /** Of the loss that Adam follows for the flat parameter vector: that of labels, or of coordinates alone. */
  main: Tensor1D
  /** Of the same loss for the batch's distinct word vectors, [U, D]; where they are trained. */
  rows?: Tensor2D
  /** Of the coordinate loss beside that of labels. */
  coordinates?: Tensor1D
  /** Losses of labels and of coordinates, times documents. */
  losses: Tensor1D
}

/**
 * One step on a batch: Adam on cross-entropy for shared layers, label head and (fine-tuned) word vectors; plain SGD on
 * the scaled distance for shared layers and coordinate head. Both gradients come from one forward pass at the same
 * parameters. A network of coordinates alone follows the distance by Adam. Dropout masks depend on seed and step alone, so a resumed run draws what an unbroken one draws.
 *
 * Nothing is read back but the gradient of fine-tuned word vectors. The old state's tensors are disposed.
 *
 * @param parts into how many parts the batch is cut, their gradients added: less memory, the same step but for rounding
 */
export function trainingStep(
  tf: TensorFlow,
  plan: StepPlan,
  state: StepState,
  { batch: wholeBatch, targets }: StepDocuments,
  parts = 1,
): StepState {
  const { settings, seed } = plan
  const features = featureCount(settings, state.vectors.matrix.columns)
  const masks = drawMasks(settings, wholeBatch, features, seed, state.step + 1)
  const batch = withKeptWords(wholeBatch, masks.words)
  const labelCount = (targets.labels?.length ?? 0) / batch.count
  let sum: BatchGradients | null = null
  try {
    for (const [from, to] of ranges(batch.count, parts)) {
      const documents = {
        batch: batchPart(batch, from, to),
        masks: maskPart(masks, batch, from, to),
        targets: {
          labels: targets.labels && targets.labels.subarray(from * labelCount, to * labelCount),
          coordinates: targets.coordinates && targets.coordinates.subarray(2 * from, 2 * to),
        },
      }
      const part = gradientsOf(tf, plan, state, documents, (to - from) / batch.count)
      sum = sum ? addGradients(tf, sum, part) : part
    }
    return applyGradients(tf, settings, state, batch, sum!)
  } finally {
    if (sum) tf.dispose(Object.values(sum) as Tensor[])
  }
}

/** @param share of the documents of the whole batch, over which losses are averaged */
function gradientsOf(
  tf: TensorFlow,
  { settings, parameters }: StepPlan,
  state: StepState,
  { batch, masks, targets }: StepDocuments & { masks: DropoutMasks },
  share: number,
): BatchGradients {
  const scaled = <Kind extends Tensor>(tensor: Kind) => (share === 1 ? tensor : (tf.mul(tensor, share) as Kind))
  return tf.tidy(() => {
    const input = networkInput(tf, settings, state.vectors.matrix, batch, masks)
    const output = runNetwork(tf, settings, splitParameters(tf, state.vector.values, parameters), input)
    const labelLoss =
      output.logits && targets.labels
        ? crossEntropy(tf, output.logits, tf.tensor2d(targets.labels, output.logits.shape))
        : null
    const coordinateLoss =
      output.coordinates && targets.coordinates
        ? scaledDistance(tf, output.coordinates, tf.tensor2d(targets.coordinates, [batch.count, 2]))
        : null
    const trainsVectors = state.vectors.moments !== null
    const pulled = labelLoss
      ? output.pull('labels', labelLoss.gradient, trainsVectors)
      : output.pull('coordinates', coordinateLoss!.gradient, trainsVectors)
    const values = [labelLoss, coordinateLoss].map((loss) => loss?.value ?? tf.scalar(0))
    const found: BatchGradients = {
      main: scaled(joinGradients(tf, pulled.parameters, parameters)),
      losses: tf.mul(tf.stack(values), batch.count) as Tensor1D,
    }
    if (pulled.rows) found.rows = scaled(pulled.rows)
    if (labelLoss && coordinateLoss) {
      const beside = output.pull('coordinates', coordinateLoss.gradient, false).parameters
      found.coordinates = scaled(joinGradients(tf, beside, parameters))
    }
    return found as BatchGradients & Record<string, Tensor>
  })
}

function addGradients(tf: TensorFlow, a: BatchGradients, b: BatchGradients): BatchGradients {
  const entries = (Object.entries(a) as [keyof BatchGradients, Tensor][]).map(([name, tensor]) => [
    name,
    tf.add(tensor, b[name]!),
  ])
  tf.dispose([...Object.values(a), ...Object.values(b)] as Tensor[])
  return Object.fromEntries(entries) as BatchGradients
}

function applyGradients(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  state: StepState,
  batch: Batch,
  { main, rows, coordinates, losses }: BatchGradients,
): StepState {
  const step = state.step + 1
  const scale = tf.tidy(() => clipScale(tf, rows ? [main, rows] : [main]))
  const clipped = tf.mul(main, scale) as Tensor1D
  const sums = tf.add(state.losses, losses) as Tensor1D
  let vector = adamStep(tf, state.vector, clipped, settings.learningRate, step)
  if (coordinates) vector = sgdStep(tf, vector, coordinates, settings.sgdRate)
  if (rows) {
    const { matrix } = state.vectors
    const words = listWordRows(settings, matrix.rows, batch)
    const pulled = rowGradients(matrix, words, rows.dataSync() as Float32Array)
    updateRows(state.vectors, pulled.rows, pulled.gradient, {
      rate: settings.vectorsLearningRate,
      step,
      scale: scale.dataSync()[0]!,
    })
  }
  tf.dispose([state.losses, clipped, scale])
  return { ...state, vector, step, losses: sums }
}

function ranges(count: number, parts: number): [number, number][] {
  const size = Math.ceil(count / parts)
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => [i * size, Math.min(count, (i + 1) * size)])
}

const maskPart = (
  { words, features }: DropoutMasks,
  { count, length }: Batch,
  from: number,
  to: number,
): DropoutMasks => ({
  words: words.subarray(from * length, to * length),
  features: features.subarray((from * features.length) / count, (to * features.length) / count),
})

function drawMasks(
  { wordDropout, dropout }: AttentionCnnSettings,
  batch: Batch,
  featureCount: number,
  seed: number,
  step: number,
): DropoutMasks {
  const random = seededRandom(seed, 2_000_000 + step)
  const words = new Uint8Array(batch.count * batch.length)
  for (let i = 0; i < words.length; i++) words[i] = random.next() < wordDropout ? 0 : 1
  const features = new Float32Array(batch.count * featureCount)
  for (let i = 0; i < features.length; i++) features[i] = random.next() < dropout ? 0 : 1 / (1 - dropout)
  return { words, features }
}
