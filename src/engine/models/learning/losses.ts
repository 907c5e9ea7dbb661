import type { Tensor, Tensor2D, TensorFlow } from '#engine/compute/types.ts'

/** A loss averaged over the batch, and its gradient for what the network put out. */
export interface Loss {
  value: Tensor
  gradient: Tensor2D
}

/** Cross-entropy of softmax(logits) against a distribution over labels a row, nats; gradient for the logits. */
export function crossEntropy(tf: TensorFlow, logits: Tensor2D, truth: Tensor2D): Loss {
  const [batch] = logits.shape
  const logProbabilities = tf.logSoftmax(logits)
  return {
    value: tf.div(tf.neg(tf.sum(tf.mul(truth, logProbabilities))), batch),
    gradient: tf.div(tf.sub(tf.exp(logProbabilities), truth), batch),
  }
}

/** Keeps the distance's gradient finite where guess and target coincide. */
const tinyDistance = 1e-6

/**
 * Euclidean distance of the guesses from the targets, divided by sqrt 2 so that it lies in 0-1
 * (Fornaciari & Hovy 2019, section 3); gradient for the values before the sigmoid.
 */
export function scaledDistance(tf: TensorFlow, guesses: Tensor2D, targets: Tensor2D): Loss {
  const [batch] = guesses.shape
  const offset = tf.sub(guesses, targets)
  const lengths = tf.sqrt(tf.add(tf.sum(tf.square(offset), 1, true), tinyDistance * tinyDistance))
  const slope = tf.mul(guesses, tf.sub(1, guesses))
  return {
    value: tf.div(tf.sum(lengths), batch * Math.SQRT2),
    gradient: tf.div(tf.mul(tf.div(offset, lengths), slope), batch * Math.SQRT2),
  }
}
