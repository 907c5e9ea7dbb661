import type { AttentionCnnSettings } from '#protocol/experiment.ts'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '#engine/compute/types.ts'
import { convolutionBlock, type ConvolutionBlock } from './convolutionBlock.ts'
import { attention, maxPooling, meanPooling } from './summary.ts'

export interface NetworkInput {
  /** Vectors of the batch's distinct words, [U, D]. */
  rows: Tensor2D
  /** Which row stands at each position, [B * L]. */
  positions: Tensor1D
  /** 1 at words, 0 at padding, [B, L]; L a multiple of both pools' product. */
  mask: Tensor2D
  /** 0 at words that are dropped in this step, else 1, [B, L]; null outside training. */
  wordKeep: Tensor2D | null
  /** Scaled dropout mask before the outputs, [B, features]; null outside training. */
  featureKeep: Tensor2D | null
}

export interface NetworkOutput {
  /** [B, labels] */
  logits: Tensor2D
  /** Latitude and longitude in the scale of the training, 0-1, [B, 2]; null for a single-task network. */
  coordinates: Tensor2D | null
  /** Weight of each pooled position, [B, T]. */
  weights: Tensor2D
  /** Gradients of everything below the logits; `rows` where the word vectors are trained too. */
  pullLogits(logitsGradient: Tensor2D, wantsRows: boolean): { parameters: Record<string, Tensor>; rows: Tensor2D | null }
  /** Gradients of everything below the coordinates (before their sigmoid). */
  pullCoordinates(coordinatesGradient: Tensor2D): Record<string, Tensor>
}

/**
 * STL-/MTL-Att-CNN of Fornaciari & Hovy 2019, section 3: parallel channels of convolution, pooling, convolution,
 * pooling, joined on features, attention, a softmax over labels and, for MTL, two sigmoids for the coordinates.
 * Two optimisers need two gradients of the shared layers: one forward pass keeps what both pullbacks read.
 */
export function runNetwork(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  parameters: Record<string, Tensor>,
  input: NetworkInput,
): NetworkOutput {
  const [batch, length] = input.mask.shape
  const dimensions = input.rows.shape[1]
  const [firstPool, secondPool] = settings.pools
  const keep = input.wordKeep ? tf.mul(input.mask, input.wordKeep) : input.mask
  const keepColumn = keep.reshape([batch * length, 1])
  const words = tf.mul(tf.gather(input.rows, input.positions), keepColumn).reshape([batch, length, dimensions]) as Tensor3D
  const mask = input.mask.expandDims(2) as Tensor3D
  const pooledMask = poolMask(tf, mask, firstPool)
  const topMask = poolMask(tf, pooledMask, secondPool)

  const channels = settings.windows.map((window, channel) => {
    const parameter = (name: string) => parameters[`channel${channel}/${name}`]!
    const first = convolutionBlock(tf, words, {
      kernel: parameter('kernel1') as Tensor2D,
      bias: parameter('bias1') as Tensor1D,
      mask,
      window,
      pool: firstPool,
    })
    const second = convolutionBlock(tf, first.output, {
      kernel: parameter('kernel2') as Tensor2D,
      bias: parameter('bias2') as Tensor1D,
      mask: pooledMask,
      window,
      pool: secondPool,
    })
    return { first, second }
  })
  const joined = tf.concat(channels.map(({ second }) => second.output), 2) as Tensor3D
  const summary = summarise(tf, settings, parameters, joined, topMask.squeeze([2]))
  const features = input.featureKeep ? tf.mul(summary.output, input.featureKeep) : summary.output
  const head = (name: string) =>
    tf.add(tf.matMul(features as Tensor2D, parameters[`${name}/weight`] as Tensor2D), parameters[`${name}/bias`]!) as Tensor2D

  /** From the gradient of one head's outputs to those of everything below it. */
  function pull(name: string, outputGradient: Tensor2D, wantsWords: boolean) {
    const below = tf.matMul(outputGradient, parameters[`${name}/weight`] as Tensor2D, false, true)
    const pulled = summary.pullback((input.featureKeep ? tf.mul(below, input.featureKeep) : below) as Tensor2D)
    const gradients: Record<string, Tensor> = {
      ...pulled.parameters,
      [`${name}/weight`]: tf.matMul(features as Tensor2D, outputGradient, true, false),
      [`${name}/bias`]: tf.sum(outputGradient, 0),
    }
    const parts = tf.split(pulled.positions, channels.length, 2) as Tensor3D[]
    const wordGradients = channels.map(({ first, second }, channel) => {
      const upper = second.pullback(parts[channel]!, true)
      const lower: ReturnType<ConvolutionBlock['pullback']> = first.pullback(upper.input!, wantsWords)
      gradients[`channel${channel}/kernel2`] = upper.kernel
      gradients[`channel${channel}/bias2`] = upper.bias
      gradients[`channel${channel}/kernel1`] = lower.kernel
      gradients[`channel${channel}/bias1`] = lower.bias
      return lower.input
    })
    return { gradients, wordGradients }
  }

  return {
    logits: head('labels'),
    coordinates: settings.tasks.includes('coordinates') ? (tf.sigmoid(head('coordinates')) as Tensor2D) : null,
    weights: summary.weights,
    pullLogits(logitsGradient, wantsRows) {
      const { gradients, wordGradients } = pull('labels', logitsGradient, wantsRows)
      const rows = wantsRows
        ? tf.unsortedSegmentSum(
            tf.mul(tf.addN(wordGradients as Tensor3D[]).reshape([batch * length, dimensions]), keepColumn) as Tensor2D,
            input.positions,
            input.rows.shape[0],
          )
        : null
      return { parameters: gradients, rows }
    },
    pullCoordinates: (coordinatesGradient) => pull('coordinates', coordinatesGradient, false).gradients,
  }
}

function poolMask(tf: TensorFlow, mask: Tensor3D, pool: number): Tensor3D {
  const [batch, length] = mask.shape
  return tf.max(mask.reshape([batch, length / pool, pool, 1]), 2)
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
