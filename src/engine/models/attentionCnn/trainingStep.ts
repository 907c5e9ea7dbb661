import type { AttentionCnnSettings } from '#protocol/experiment.ts'
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import { seededRandom } from '#engine/random.ts'
import type { Batch } from './batches.ts'
import { crossEntropy, scaledDistance } from './losses.ts'
import { runNetwork } from './network.ts'
import { adamStep, clipScale, sgdStep, type TrainedVector } from './optimisers.ts'
import { joinGradients, splitParameters, type Parameter } from './parameters.ts'
import { gatherRows, updateRows, type WordVectors } from './wordVectors.ts'

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
}

/**
 * One step on a batch: Adam on cross-entropy for shared layers, label head and (fine-tuned) word vectors; plain SGD on
 * the scaled distance for shared layers and coordinate head. Both gradients come from one forward pass at the same
 * parameters. Dropout masks depend on seed and step alone, so a resumed run draws what an unbroken one draws.
 *
 * @returns the losses as scalars that the caller owns; nothing is read back but the word vectors' gradient
 */
export function trainingStep(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  parameters: Parameter[],
  state: StepState,
  batch: Batch,
  targets: StepTargets,
  seed: number,
): { state: StepState; labelLoss: Tensor; coordinateLoss: Tensor | null } {
  const step = state.step + 1
  const fineTune = state.vectors.moments !== null
  const keeps = drawMasks(settings, batch, seed, step)
  const computed = tf.tidy(() => {
    const output = runNetwork(tf, settings, splitParameters(tf, state.vector.values, parameters), {
      rows: tf.tensor2d(gatherRows(state.vectors.matrix, batch.distinct), [batch.distinct.length, state.vectors.matrix.columns]),
      positions: tf.tensor1d(batch.positions, 'int32'),
      mask: tf.tensor2d(batch.mask, [batch.count, batch.length]),
      wordKeep: tf.tensor2d(keeps.words, [batch.count, batch.length]),
      featureKeep: tf.tensor2d(keeps.features, [batch.count, keeps.features.length / batch.count]),
    })
    const labelLoss = crossEntropy(tf, output.logits, tf.tensor1d(targets.labels, 'int32'))
    const pulled = output.pullLogits(labelLoss.gradient, fineTune)
    const flat = joinGradients(tf, pulled.parameters, parameters)
    const scale = clipScale(tf, pulled.rows ? [flat, pulled.rows] : [flat])
    const result: Record<'gradient' | 'scale' | 'labelLoss', Tensor> & Partial<Record<'rows' | 'second' | 'coordinateLoss', Tensor>> = {
      gradient: tf.mul(flat, scale),
      scale,
      labelLoss: labelLoss.value,
    }
    if (pulled.rows) result.rows = pulled.rows
    if (output.coordinates && targets.coordinates) {
      const loss = scaledDistance(tf, output.coordinates, tf.tensor2d(targets.coordinates, [batch.count, 2]) as Tensor2D)
      result.second = joinGradients(tf, output.pullCoordinates(loss.gradient), parameters)
      result.coordinateLoss = loss.value
    }
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
  tf.dispose([computed.gradient, computed.scale])
  if (computed.rows) computed.rows.dispose()
  if (computed.second) computed.second.dispose()
  return {
    state: { ...state, vector, step },
    labelLoss: computed.labelLoss,
    coordinateLoss: computed.coordinateLoss ?? null,
  }
}

function drawMasks({ wordDropout, dropout, filters, windows }: AttentionCnnSettings, batch: Batch, seed: number, step: number) {
  const random = seededRandom(seed, 2_000_000 + step)
  const words = new Float32Array(batch.count * batch.length)
  for (let i = 0; i < words.length; i++) words[i] = random.next() < wordDropout ? 0 : 1
  const features = new Float32Array(batch.count * filters[1] * windows.length)
  for (let i = 0; i < features.length; i++) features[i] = random.next() < dropout ? 0 : 1 / (1 - dropout)
  return { words, features }
}
