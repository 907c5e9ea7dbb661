import { fold, unfold } from '#engine/compute/convolution.ts'
import type { Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '#engine/compute/types.ts'
import { rectifiedPool } from './rectifiedPool.ts'
import type { Convolution } from './wordConvolution.ts'

/** Lower than any activation: what it is added to never is a maximum. */
const never = -1e9

/**
 * Convolution, bias, relu, max-pooling over positions that have no vocabulary.
 *
 * @param x [B, L, D], L a multiple of `pool`, zero at padding
 * @param kernel [window * D, filters]
 * @param mask [B * L, 1], 1 at words and 0 at padding, and pooledMask [B * L / pool, 1], 0 where a pool is padding alone
 */
export function denseConvolution(
  tf: TensorFlow,
  x: Tensor3D,
  parameters: { kernel: Tensor2D; bias: Tensor1D; window: number; mask: Tensor2D; pooledMask: Tensor2D; pool: number },
): Convolution {
  const { kernel, bias, window, mask, pooledMask, pool } = parameters
  const [batch, length, depth] = x.shape
  const windows = unfold(tf, x, window).reshape([batch * length, window * depth]) as Tensor2D
  const sums = tf.add(tf.matMul(windows, kernel), tf.mul(tf.sub(1, mask), never)) as Tensor2D
  const pooled = rectifiedPool(tf, sums, bias, pooledMask, pool)
  return {
    output: pooled.output,
    pullback(outputGradient, wantsInput) {
      const { values, bias: biasGradient } = pooled.pullback(outputGradient)
      const input = () =>
        fold(tf, tf.matMul(values, kernel, false, true).reshape([batch, length, window * depth]), window)
      return {
        kernel: tf.matMul(windows, values, true, false),
        bias: biasGradient,
        input: wantsInput ? (input().reshape([batch * length, depth]) as Tensor2D) : null,
      }
    },
  }
}
