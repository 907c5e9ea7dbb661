import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from '#engine/compute/types.ts'

export interface RectifiedPool {
  /** [N / pool, F] */
  output: Tensor2D
  /** From the gradient of the output to those of the values [N, F] and of the bias [F]. */
  pullback(outputGradient: Tensor2D): { values: Tensor2D; bias: Tensor1D }
}

/**
 * Bias, relu, mask and max-pooling over consecutive rows: max_j mask * relu(x_j + b). Adding a bias and relu keep the
 * order of values, so the maximum is taken first and the rest is done on a pool'th of the rows.
 *
 * @param values [N, F], N a multiple of `pool`; rows of padding must not be above those of words in their pool
 * @param bias [F]
 * @param mask [N / pool, 1], 0 where a pool holds padding alone
 */
export function rectifiedPool(
  tf: TensorFlow,
  values: Tensor2D,
  bias: Tensor1D,
  mask: Tensor2D,
  pool: number,
): RectifiedPool {
  const [count, width] = values.shape
  const grouped: Tensor = values.reshape([count / pool, pool, width])
  const top = tf.max(grouped, 1, true)
  const output = tf.mul(tf.relu(tf.add(top.reshape([count / pool, width]), bias)), mask) as Tensor2D
  // Made for the first pullback, used by all: rows that hold their pool's maximum, and pools that relu lets through.
  const winners = once(() => tf.cast(tf.equal(grouped, top), 'float32'))
  const open = once(() => tf.step(output))
  return {
    output,
    pullback(outputGradient) {
      const before = tf.mul(outputGradient, open()) as Tensor2D
      return {
        values: tf.mul(winners(), before.expandDims(1)).reshape([count, width]) as Tensor2D,
        bias: tf.sum(before, 0) as Tensor1D,
      }
    },
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null
  return () => (made ??= { value: make() }).value
}
