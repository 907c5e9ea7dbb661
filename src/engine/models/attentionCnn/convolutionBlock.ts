import { fold, unfold } from '#engine/compute/convolution.ts'
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '#engine/compute/types.ts'

export interface ConvolutionBlock {
  /** [B, L / pool, filters] */
  output: Tensor3D
  /** Gradients of the block for `outputGradient`, shaped as `output`; `input` only where it was asked for. */
  pullback(outputGradient: Tensor3D, wantsInput: boolean): { kernel: Tensor2D; bias: Tensor1D; input: Tensor3D | null }
}

/**
 * Convolution, bias, relu, mask, max-pooling (non-overlapping): max_j mask * relu(x * K + b).
 * The mask comes after the convolution because relu(b) at padding is not zero.
 *
 * @param x [B, L, D], L a multiple of `pool`
 * @param kernel [window * D, filters], bias [filters]
 * @param mask [B, L, 1], 1 at words and 0 at padding
 */
export function convolutionBlock(
  tf: TensorFlow,
  x: Tensor3D,
  { kernel, bias, mask, window, pool }: { kernel: Tensor2D; bias: Tensor1D; mask: Tensor3D; window: number; pool: number },
): ConvolutionBlock {
  const [batch, length] = x.shape
  const filters = kernel.shape[1]
  const windows = unfold(tf, x, window).reshape([batch * length, kernel.shape[0]]) as Tensor2D
  const activated = tf.mul(tf.relu(tf.add(tf.matMul(windows, kernel), bias)).reshape([batch, length, filters]), mask)
  const grouped: Tensor = activated.reshape([batch, length / pool, pool, filters])
  const output = tf.max(grouped, 2) as Tensor3D
  // Ties between positive values share the gradient; ties at zero have none, because relu stops it there.
  const winners = tf.tidy(() => {
    const top = output.expandDims(2)
    return tf.cast(tf.logicalAnd(tf.equal(grouped, top), tf.greater(top, 0)), 'float32')
  })

  return {
    output,
    pullback(outputGradient, wantsInput) {
      const before = tf
        .mul(winners, outputGradient.expandDims(2))
        .reshape([batch * length, filters]) as Tensor2D
      return {
        kernel: tf.matMul(windows, before, true, false),
        bias: tf.sum(before, 0) as Tensor1D,
        input: wantsInput
          ? fold(tf, tf.matMul(before, kernel, false, true).reshape([batch, length, kernel.shape[0]]), window)
          : null,
      }
    },
  }
}
