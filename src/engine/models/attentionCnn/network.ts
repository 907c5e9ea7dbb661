import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { ModelTask } from '#protocol/models/description.ts'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '#engine/compute/types.ts'
import { denseConvolution } from './denseConvolution.ts'
import { attention, maxPooling, meanPooling } from './summary.ts'
import { wordConvolution } from './wordConvolution.ts'
import { wordSum, type DocumentWords } from './wordSum.ts'
import type { WordWindows } from './wordWindows.ts'

export interface NetworkInput {
  /** Vectors of the batch's distinct words, [U, D]. */
  rows: Tensor2D
  /** Documents, and positions of each. */
  count: number
  length: number
  /** The words of each channel's first convolution; words that are dropped in this step are not in it. */
  windows: WordWindows[]
  /** 1 at words, 0 at padding, after the first and the second pool, [count * positions, 1]. */
  masks: [Tensor2D, Tensor2D]
  /** Scaled dropout mask before the outputs, [B, features]; null outside training. */
  featureKeep: Tensor2D | null
  /** The words of each document, where their sum is read beside the channels; null without characters. */
  documentWords: DocumentWords | null
}

export interface NetworkOutput {
  /** [B, labels]; null for a network of coordinates alone. */
  logits: Tensor2D | null
  /** Latitude and longitude in the scale of the training, 0-1, [B, 2]; null for a network of labels alone. */
  coordinates: Tensor2D | null
  /** Weight of each pooled position, [B, T]. */
  weights: Tensor2D
  /** Gradients of everything below the logits, or below the coordinates (before their sigmoid). */
  pull(task: ModelTask, gradient: Tensor2D, wantsRows: boolean): PulledGradients
}

export interface PulledGradients {
  parameters: Record<string, Tensor>
  /** Of the distinct word vectors, where they are wanted. */
  rows: Tensor2D | null
}

/**
 * STL-/MTL-Att-CNN of Fornaciari & Hovy 2019, section 3: parallel channels of convolution, pooling, convolution,
 * pooling, joined on features, attention, and, as the tasks are, a softmax over labels, two sigmoids for the coordinates.
 * Two optimisers need two gradients of the shared layers: one forward pass keeps what both pullbacks read.
 */
export function runNetwork(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  parameters: Record<string, Tensor>,
  input: NetworkInput,
): NetworkOutput {
  const { rows, count, length, windows, masks } = input
  const [firstPool, secondPool] = settings.pools
  const [firstFilters, secondFilters] = settings.filters
  const firstLength = length / firstPool
  const topLength = firstLength / secondPool

  const channels = windows.map((wordWindows, channel) => {
    const parameter = (name: string) => parameters[`channel${channel}/${name}`]!
    const first = wordConvolution(tf, rows, {
      kernel: parameter('kernel1') as Tensor2D,
      bias: parameter('bias1') as Tensor1D,
      windows: wordWindows,
      mask: masks[0],
      pool: firstPool,
    })
    const second = denseConvolution(tf, first.output.reshape([count, firstLength, firstFilters]), {
      kernel: parameter('kernel2') as Tensor2D,
      bias: parameter('bias2') as Tensor1D,
      window: wordWindows.window,
      mask: masks[0],
      pooledMask: masks[1],
      pool: secondPool,
    })
    return { first, second }
  })
  const joined = tf
    .concat(
      channels.map(({ second }) => second.output),
      1,
    )
    .reshape([count, topLength, -1]) as Tensor3D
  const summary = summarise(tf, settings, parameters, joined, masks[1].reshape([count, topLength]))
  const sum = input.documentWords && wordSum(tf, rows, input.documentWords)
  const whole = sum ? tf.concat2d([summary.output, sum.output], 1) : summary.output
  const features = input.featureKeep ? tf.mul(whole, input.featureKeep) : whole
  const head = (name: ModelTask) =>
    tf.add(
      tf.matMul(features as Tensor2D, parameters[`${name}/weight`] as Tensor2D),
      parameters[`${name}/bias`]!,
    ) as Tensor2D

  function pull(name: ModelTask, outputGradient: Tensor2D, wantsRows: boolean): PulledGradients {
    const below = tf.matMul(outputGradient, parameters[`${name}/weight`] as Tensor2D, false, true)
    const joined = (input.featureKeep ? tf.mul(below, input.featureKeep) : below) as Tensor2D
    const [ofSummary, ofSum] = sum
      ? (tf.split(joined, [summary.output.shape[1], rows.shape[1]], 1) as [Tensor2D, Tensor2D])
      : [joined, null]
    const pulled = summary.pullback(ofSummary)
    const gradients: Record<string, Tensor> = {
      ...pulled.parameters,
      [`${name}/weight`]: tf.matMul(features as Tensor2D, outputGradient, true, false),
      [`${name}/bias`]: tf.sum(outputGradient, 0),
    }
    const flat = pulled.positions.reshape([count * topLength, channels.length * secondFilters])
    const parts = tf.split(flat, channels.length, 1) as Tensor2D[]
    const wordGradients = channels.map(({ first, second }, channel) => {
      const upper = second.pullback(parts[channel]!, true)
      const lower = first.pullback(upper.input!, wantsRows)
      gradients[`channel${channel}/kernel2`] = upper.kernel
      gradients[`channel${channel}/bias2`] = upper.bias
      gradients[`channel${channel}/kernel1`] = lower.kernel
      gradients[`channel${channel}/bias1`] = lower.bias
      return lower.input
    })
    if (!wantsRows) return { parameters: gradients, rows: null }
    const toRows = [...(wordGradients as Tensor2D[]), ...(ofSum ? [sum!.pullback(ofSum)] : [])]
    return { parameters: gradients, rows: tf.addN(toRows) as Tensor2D }
  }

  return {
    logits: settings.tasks.includes('labels') ? head('labels') : null,
    coordinates: settings.tasks.includes('coordinates') ? (tf.sigmoid(head('coordinates')) as Tensor2D) : null,
    weights: summary.weights,
    pull,
  }
}

function summarise(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  parameters: Record<string, Tensor>,
  joined: Tensor3D,
  mask: Tensor2D,
) {
  if (settings.attention === 'yang') {
    return attention(tf, joined, mask, {
      weight: parameters['attention/weight'] as Tensor2D,
      bias: parameters['attention/bias'] as Tensor1D,
      context: parameters['attention/context'] as Tensor2D,
    })
  }
  return settings.pooling === 'max' ? maxPooling(tf, joined, mask) : meanPooling(tf, joined, mask)
}
