import { crossEntropy } from '#engine/models/learning/losses.ts'
import { adamStep, type TrainedVector } from '#engine/models/learning/optimisers.ts'
import type { TfIdfRows } from '#engine/models/learning/tfIdf.ts'
import type { Tensor1D, Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import { seededRandom, type Random } from '#engine/random.ts'

/** Inputs, hidden units and labels. */
export interface PerceptronShape {
  columns: number
  hidden: number
  labels: number
}

/** Weights one after another: inputs x hidden, hidden, hidden x labels, labels. */
export const sizeOf = ({ columns, hidden, labels }: PerceptronShape): number =>
  (columns + 1) * hidden + (hidden + 1) * labels

/** Uniform weights of Glorot & Bengio 2010, biases of 0. */
export function startWeights({ columns, hidden, labels }: PerceptronShape, random: Random): Float32Array {
  const values = new Float32Array(sizeOf({ columns, hidden, labels }))
  const draw = (from: number, rows: number, outputs: number) => {
    const most = Math.sqrt(6 / (rows + outputs))
    for (let i = from; i < from + rows * outputs; i++) values[i] = most * (2 * random.next() - 1)
  }
  draw(0, columns, hidden)
  draw((columns + 1) * hidden, hidden, labels)
  return values
}

interface Layers {
  first: Tensor2D
  firstBias: Tensor1D
  second: Tensor2D
  secondBias: Tensor1D
}

/** The weights of a flat vector, by layer. */
function layersOf(tf: TensorFlow, values: Tensor1D, { columns, hidden, labels }: PerceptronShape): Layers {
  const [bias, second] = [columns * hidden, (columns + 1) * hidden]
  return {
    first: tf.reshape(tf.slice(values, 0, bias), [columns, hidden]),
    firstBias: tf.slice(values, bias, hidden) as Tensor1D,
    second: tf.reshape(tf.slice(values, second, hidden * labels), [hidden, labels]),
    secondBias: tf.slice(values, second + hidden * labels, labels) as Tensor1D,
  }
}

/** Some rows as a dense matrix. */
export function denseRows(
  tf: TensorFlow,
  { starts, columns, values }: TfIdfRows,
  chosen: ArrayLike<number>,
  width: number,
): Tensor2D {
  const dense = new Float32Array(chosen.length * width)
  for (let k = 0; k < chosen.length; k++)
    for (let i = starts[chosen[k]!]!; i < starts[chosen[k]! + 1]!; i++) dense[k * width + columns[i]!] = values[i]!
  return tf.tensor2d(dense, [chosen.length, width])
}

/** log P(label | row). */
export function logProbabilities(tf: TensorFlow, values: Tensor1D, shape: PerceptronShape, rows: Tensor2D): Tensor2D {
  const { first, firstBias, second, secondBias } = layersOf(tf, values, shape)
  const hidden = tf.relu(tf.add(tf.matMul(rows, first), firstBias)) as Tensor2D
  return tf.logSoftmax(tf.add(tf.matMul(hidden, second), secondBias) as Tensor2D)
}

/**
 * Mean cross-entropy + l2 / 2 |weights|^2, biases free, and its gradient in the order of the vector.
 * @param truth distribution over labels of each row
 * @param mask of the hidden units: 0, or 1 / (1 - dropout)
 */
export function gradientOf(
  tf: TensorFlow,
  values: Tensor1D,
  shape: PerceptronShape,
  { rows, truth, mask, l2 }: { rows: Tensor2D; truth: Tensor2D; mask: Tensor2D; l2: number },
) {
  const { first, firstBias, second, secondBias } = layersOf(tf, values, shape)
  const raised = tf.relu(tf.add(tf.matMul(rows, first), firstBias)) as Tensor2D
  const hidden = tf.mul(raised, mask) as Tensor2D
  const { value, gradient } = crossEntropy(tf, tf.add(tf.matMul(hidden, second), secondBias) as Tensor2D, truth)
  const back = tf.mul(
    tf.mul(tf.matMul(gradient, second, false, true), mask),
    tf.cast(tf.greater(raised, 0), 'float32'),
  ) as Tensor2D
  const decayed = (slope: Tensor2D, weights: Tensor2D) => tf.reshape(tf.add(slope, tf.mul(weights, l2)), [-1])
  const flat = tf.concat([
    decayed(tf.matMul(rows, back, true), first),
    tf.sum(back, 0),
    decayed(tf.matMul(hidden, gradient, true), second),
    tf.sum(gradient, 0),
  ] as Tensor1D[])
  return { loss: value, gradient: flat }
}

/**
 * A step of Adam on some rows; `truth` has the distribution over labels of each that is chosen. Returns the vector after it, and
 * the loss before.
 */
export function trainStep(
  tf: TensorFlow,
  vector: TrainedVector,
  shape: PerceptronShape,
  given: { rows: TfIdfRows; chosen: Int32Array; truth: Float32Array },
  {
    dropout,
    l2,
    learningRate,
    seed,
    step,
  }: { dropout: number; l2: number; learningRate: number; seed: number; step: number },
): { vector: TrainedVector; loss: number } {
  const { chosen } = given
  const random = seededRandom(seed, 1000 + step)
  const kept = Float32Array.from({ length: chosen.length * shape.hidden }, () =>
    random.next() < dropout ? 0 : 1 / (1 - dropout),
  )
  const { loss, gradient } = tf.tidy(() =>
    gradientOf(tf, vector.values, shape, {
      rows: denseRows(tf, given.rows, chosen, shape.columns),
      truth: tf.tensor2d(given.truth, [chosen.length, shape.labels]),
      mask: tf.tensor2d(kept, [chosen.length, shape.hidden]),
      l2,
    }),
  )
  const next = adamStep(tf, vector, gradient, learningRate, step)
  const met = loss.dataSync()[0]!
  tf.dispose([loss, gradient])
  return { vector: next, loss: met }
}
