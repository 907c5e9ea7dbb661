import { segmentSum } from '#engine/compute/segmentSum.ts'
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import { rectifiedPool } from './rectifiedPool.ts'
import type { WordWindows } from './wordWindows.ts'

export interface ConvolutionGradients {
  kernel: Tensor2D
  bias: Tensor1D
  /** Of the input: word rows [U, D], or positions [N, D]; null where it was not asked for. */
  input: Tensor2D | null
}

export interface Convolution {
  /** [N / pool, filters] */
  output: Tensor2D
  pullback(outputGradient: Tensor2D, wantsInput: boolean): ConvolutionGradients
}

/**
 * Convolution over word vectors, bias, relu, max-pooling. What a word adds to its window depends on the word and its
 * place in the window alone, so it is computed once for each distinct word of a batch (by Zipf's law far fewer than
 * positions) and then gathered: the matrix products have U rows instead of N, forward and backward.
 *
 * @param rows vectors of the batch's distinct words, [U, D]
 * @param kernel [D, window * filters], the window's first place first
 * @param mask [N / pool, 1], 0 where a pool holds padding alone
 */
export function wordConvolution(
  tf: TensorFlow,
  rows: Tensor2D,
  {
    kernel,
    bias,
    windows,
    mask,
    pool,
  }: { kernel: Tensor2D; bias: Tensor1D; windows: WordWindows; mask: Tensor2D; pool: number },
): Convolution {
  const { window, forward, backward } = windows
  const [wordCount] = rows.shape
  const filters = kernel.shape[1] / window
  const products: Tensor = tf.matMul(rows, kernel)
  const sums = segmentSum(tf, products.reshape([wordCount * window, filters]), forward)
  const pooled = rectifiedPool(tf, sums, bias, mask, pool)
  return {
    output: pooled.output,
    pullback(outputGradient, wantsInput) {
      const before = pooled.pullback(outputGradient)
      const byWord = segmentSum(tf, before.values, backward).reshape([wordCount, window * filters]) as Tensor2D
      return {
        kernel: tf.matMul(rows, byWord, true, false),
        bias: before.bias,
        input: wantsInput ? tf.matMul(byWord, kernel, false, true) : null,
      }
    },
  }
}
