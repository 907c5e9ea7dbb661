import type { AttentionCnnSettings } from '#protocol/experiment.ts'
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import { seededRandom } from '#engine/random.ts'
import type { Batch } from './batches.ts'
import { crossEntropy, scaledDistance } from './losses.ts'
import { runNetwork } from './network.ts'
import { networkInput, type DropoutMasks } from './networkInput.ts'
import { adamStep, clipScale, sgdStep, type TrainedVector } from './optimisers.ts'
import { joinGradients, splitParameters, type Parameter } from './parameters.ts'
import { updateRows, type WordVectors } from './wordVectors.ts'

export interface StepTargets {
  /** Label of each document of the batch. */
  labels: Int32Array
  /** [lat, lon] in the unit square, interleaved; null for a single-task network. */
  coordinates: Float32Array | null
}

export interface StepState {
  vector: TrainedVector
  vectors: WordVectors
  /** Steps done so far. */
  step: number
  /** Losses of labels and of coordinates, summed over the epoch's documents so far. Whoever holds it disposes it. */
  losses: Tensor1D
}

/**
 * One step on a batch: Adam on cross-entropy for shared layers, label head and (fine-tuned) word vectors; plain SGD on
 * the scaled distance for shared layers and coordinate head. Both gradients come from one forward pass at the same
 * parameters. Dropout masks depend on seed and step alone, so a resumed run draws what an unbroken one draws.
 *
 * Nothing is read back but the gradient of fine-tuned word vectors. The old state's tensors are disposed.
 */
export function trainingStep(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  parameters: Parameter[],
  state: StepState,
  batch: Batch,
  targets: StepTargets,
  seed: number,
): StepState {
  const step = state.step + 1
  const fineTune = state.vectors.moments !== null
  const masks = drawMasks(settings, batch, seed, step)
  const computed = tf.tidy(() => {
    const input = networkInput(tf, settings, state.vectors.matrix, batch, masks)
    const output = runNetwork(tf, settings, splitParameters(tf, state.vector.values, parameters), input)
    const labelLoss = crossEntropy(tf, output.logits, tf.tensor1d(targets.labels, 'int32'))
    const pulled = output.pullLogits(labelLoss.gradient, fineTune)
    const flat = joinGradients(tf, pulled.parameters, parameters)
    const scale = clipScale(tf, pulled.rows ? [flat, pulled.rows] : [flat])
    const result: Record<'gradient' | 'scale' | 'losses', Tensor> & Partial<Record<'rows' | 'second', Tensor>> = {
      gradient: tf.mul(flat, scale),
      scale,
      losses: tf.stack([labelLoss.value, tf.scalar(0)]),
    }
    if (pulled.rows) result.rows = pulled.rows
    if (output.coordinates && targets.coordinates) {
      const loss = scaledDistance(tf, output.coordinates, tf.tensor2d(targets.coordinates, [batch.count, 2]) as Tensor2D)
      result.second = joinGradients(tf, output.pullCoordinates(loss.gradient), parameters)
      result.losses = tf.stack([labelLoss.value, loss.value])
    }
    result.losses = tf.add(state.losses, tf.mul(result.losses, batch.count))
    return result
  })

  if (computed.rows) {
    updateRows(state.vectors, batch.distinct, computed.rows.dataSync() as Float32Array, {
      rate: settings.vectorsLearningRate,
      step,
      scale: computed.scale.dataSync()[0]!,
    })
  }
  let vector = adamStep(tf, state.vector, computed.gradient as Tensor1D, settings.learningRate, step)
  if (computed.second) vector = sgdStep(tf, vector, computed.second as Tensor1D, settings.sgdRate)
  tf.dispose([state.losses, computed.gradient, computed.scale])
  if (computed.rows) computed.rows.dispose()
  if (computed.second) computed.second.dispose()
  return { ...state, vector, step, losses: computed.losses as Tensor1D }
}

function drawMasks({ wordDropout, dropout, filters, windows }: AttentionCnnSettings, batch: Batch, seed: number, step: number): DropoutMasks {
  const random = seededRandom(seed, 2_000_000 + step)
  const words = new Uint8Array(batch.count * batch.length)
  for (let i = 0; i < words.length; i++) words[i] = random.next() < wordDropout ? 0 : 1
  const features = new Float32Array(batch.count * filters[1] * windows.length)
  for (let i = 0; i < features.length; i++) features[i] = random.next() < dropout ? 0 : 1 / (1 - dropout)
  return { words, features }
}
