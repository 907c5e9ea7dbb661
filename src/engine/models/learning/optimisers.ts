import type { Tensor, Tensor1D, TensorFlow } from '#engine/compute/types.ts'

/** Adam's constants (Kingma & Ba 2015, algorithm 1). */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }

/** The flat parameter vector and Adam's moments of it. Whoever holds it disposes it. */
export interface TrainedVector {
  values: Tensor1D
  first: Tensor1D
  second: Tensor1D
}

/** Global norm above which a gradient is scaled down. */
export const clipNorm = 5

/** min(1, clipNorm / |gradients|) over all the tensors together, as a scalar. */
export function clipScale(tf: TensorFlow, gradients: Tensor[]): Tensor {
  const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))))
  return tf.minimum(1, tf.div(clipNorm, tf.maximum(norm, 1e-12)))
}

/** One step of Adam; the results are kept, the old tensors are disposed. */
export function adamStep(
  tf: TensorFlow,
  vector: TrainedVector,
  gradient: Tensor1D,
  rate: number,
  step: number,
): TrainedVector {
  const { beta1, beta2, epsilon } = adam
  const stepRate = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
  const next = tf.tidy(() => {
    const first = tf.add(tf.mul(vector.first, beta1), tf.mul(gradient, 1 - beta1)) as Tensor1D
    const second = tf.add(tf.mul(vector.second, beta2), tf.mul(tf.square(gradient), 1 - beta2)) as Tensor1D
    const move = tf.div(tf.mul(first, stepRate), tf.add(tf.sqrt(second), epsilon))
    return { values: tf.sub(vector.values, move) as Tensor1D, first, second }
  })
  return replace(tf, vector, next)
}

/** One step of plain gradient descent on the values. */
export function sgdStep(tf: TensorFlow, vector: TrainedVector, gradient: Tensor1D, rate: number): TrainedVector {
  const values = tf.tidy(() => tf.sub(vector.values, tf.mul(gradient, rate)) as Tensor1D)
  vector.values.dispose()
  return { ...vector, values: tf.keep(values) }
}

function replace(tf: TensorFlow, old: TrainedVector, next: TrainedVector): TrainedVector {
  tf.dispose([old.values, old.first, old.second])
  return { values: tf.keep(next.values), first: tf.keep(next.first), second: tf.keep(next.second) }
}
