import type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '#engine/compute/types.ts'

/** A document's vector from its positions, with the weight of each position. */
export interface Summary {
  /** [B, H] */
  output: Tensor2D
  /** [B, T], rows sum to 1; zero at padding. */
  weights: Tensor2D
  pullback(outputGradient: Tensor2D): { positions: Tensor3D; parameters: Record<string, Tensor> }
}

/** A weight so low that its exponential is zero in float32, finite so that a document without words stays finite. */
const never = -1e9

/**
 * Attention of Yang et al. 2016 (Hierarchical Attention Networks, section 2.2):
 * u_t = tanh(W h_t + b), a = softmax(u . c), output = sum_t a_t h_t, over the positions that hold words.
 *
 * @param h [B, T, H]
 * @param mask [B, T], 1 where a position holds at least one word
 * @param weight [H, A], bias [A], context [A, 1]
 */
export function attention(
  tf: TensorFlow,
  h: Tensor3D,
  mask: Tensor2D,
  { weight, bias, context }: { weight: Tensor2D; bias: Tensor1D; context: Tensor2D },
): Summary {
  const [batch, length, width] = h.shape
  const flat = h.reshape([batch * length, width]) as Tensor2D
  const u = tf.tanh(tf.add(tf.matMul(flat, weight), bias)) as Tensor2D
  const scores = tf.matMul(u, context).reshape([batch, length])
  const weights = tf.softmax(tf.add(scores, tf.mul(tf.sub(1, mask), never)), 1) as Tensor2D
  const output = tf.sum(tf.mul(h, weights.expandDims(2)), 1) as Tensor2D

  return {
    output,
    weights,
    pullback(outputGradient) {
      const spread = outputGradient.expandDims(1)
      const weightGradient = tf.sum(tf.mul(h, spread), 2)
      const centred = tf.sub(weightGradient, tf.sum(tf.mul(weightGradient, weights), 1, true))
      const scoreGradient = tf.mul(weights, centred).reshape([batch * length, 1]) as Tensor2D
      const before = tf.mul(tf.matMul(scoreGradient, context, false, true), tf.sub(1, tf.square(u))) as Tensor2D
      const throughScores = tf.matMul(before, weight, false, true).reshape([batch, length, width])
      return {
        positions: tf.add(tf.mul(weights.expandDims(2), spread), throughScores),
        parameters: {
          'attention/weight': tf.matMul(flat, before, true, false),
          'attention/bias': tf.sum(before, 0),
          'attention/context': tf.matMul(u, scoreGradient, true, false),
        },
      }
    },
  }
}

/** Mean over the positions that hold words; each of them weighs the same. */
export function meanPooling(tf: TensorFlow, h: Tensor3D, mask: Tensor2D): Summary {
  const weights = tf.div(mask, tf.maximum(tf.sum(mask, 1, true), 1)) as Tensor2D
  const spread = weights.expandDims(2)
  return {
    output: tf.sum(tf.mul(h, spread), 1),
    weights,
    pullback: (outputGradient) => ({ positions: tf.mul(spread, outputGradient.expandDims(1)), parameters: {} }),
  }
}

/**
 * Maximum over positions, feature by feature. Features are relu outputs, so padding (zero) never wins over a word.
 * A position's weight is the share of features that it wins.
 */
export function maxPooling(tf: TensorFlow, h: Tensor3D, mask: Tensor2D): Summary {
  const output = tf.max(h, 1) as Tensor2D
  const winners = tf.mul(tf.cast(tf.equal(h, output.expandDims(1)), 'float32'), mask.expandDims(2))
  const wins = tf.add(tf.sum(winners, 2), tf.mul(mask, 1e-6))
  return {
    output,
    weights: tf.div(wins, tf.maximum(tf.sum(wins, 1, true), 1e-6)),
    pullback: (outputGradient) => ({ positions: tf.mul(winners, outputGradient.expandDims(1)), parameters: {} }),
  }
}
