import type { Tensor3D, TensorFlow } from './types.ts'

/**
 * One-dimensional convolution with SAME zero padding and stride 1, as matrix products over unfolded windows:
 * every backend has a fast matrix product, few have the gradients of a convolution.
 * For an even window the longer side of the padding is on the right, as TensorFlow has it.
 */

export const padLeft = (window: number) => Math.floor((window - 1) / 2)

/** Windows side by side: [B, L, D] -> [B, L, window * D]; row t holds x[t - padLeft .. t - padLeft + window - 1]. */
export function unfold(tf: TensorFlow, x: Tensor3D, window: number): Tensor3D {
  const [batch, length, depth] = x.shape
  const left = padLeft(window)
  const padded = tf.pad3d(x, [
    [0, 0],
    [left, window - 1 - left],
    [0, 0],
  ])
  const shifted = Array.from({ length: window }, (_, k) => tf.slice3d(padded, [0, k, 0], [batch, length, depth]))
  return tf.concat(shifted, 2) as Tensor3D
}

/** The transpose of `unfold`: adds each window's gradient back to its positions, [B, L, window * D] -> [B, L, D]. */
export function fold(tf: TensorFlow, windows: Tensor3D, window: number): Tensor3D {
  const [batch, length, width] = windows.shape
  const depth = width / window
  const left = padLeft(window)
  // x position p receives from row t = p - k + left, so slice k moves right by k - left.
  const padded = tf.pad3d(windows, [
    [0, 0],
    [window - 1 - left, left],
    [0, 0],
  ])
  const moved = Array.from({ length: window }, (_, k) =>
    tf.slice3d(padded, [0, window - 1 - k, k * depth], [batch, length, depth]),
  )
  return tf.addN(moved) as Tensor3D
}
