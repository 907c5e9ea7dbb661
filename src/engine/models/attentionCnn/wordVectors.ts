import type { Matrix } from '#engine/embeddings/vectors.ts'
import { adam } from '#engine/models/learning/optimisers.ts'

/**
 * Word vectors during training. They live in plain memory, and only the rows of a batch become a tensor: a
 * vocabulary of 470,000 words never makes a gradient of its own size.
 */
export interface WordVectors {
  matrix: Matrix
  /** Adam's moments of each value; null where the vectors are frozen. */
  moments: { first: Float32Array; second: Float32Array } | null
}

/** Vectors as training starts from them; fine-tuned ones are changed in place: a large vocabulary fits once, not twice. */
export function trainableVectors(matrix: Matrix, fineTune: boolean): WordVectors {
  if (!fineTune) return { matrix, moments: null }
  return {
    matrix,
    moments: { first: new Float32Array(matrix.values.length), second: new Float32Array(matrix.values.length) },
  }
}

/**
 * Scales vectors, in place, to a root mean square of one, the size for which the convolutions' start (Glorot) is made:
 * skip-gram's vectors are tiny after few epochs and grow with more, and a network fed tiny ones does not learn.
 */
export function scaleVectors(matrix: Matrix): Matrix {
  const { values } = matrix
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!
  const size = Math.sqrt(squares / Math.max(1, values.length)) || 1
  for (let i = 0; i < values.length; i++) values[i] = values[i]! / size
  return matrix
}

/** The matrix with rows of zeros below it, for n-grams of characters: training begins with what words say by themselves. */
export function withNgramRows(matrix: Matrix, count: number): Matrix {
  if (count === 0) return matrix
  const rows = matrix.rows + count
  const values = new Float32Array(rows * matrix.columns)
  values.set(matrix.values)
  return { ...matrix, rows, values }
}

/**
 * One step of lazy Adam: rows that a batch does not hold keep their moments (as TensorFlow's sparse Adam variants do).
 * @param gradient rows.length x columns
 * @param scale what the gradient is multiplied by first (clipping)
 */
export function updateRows(
  { matrix: { columns, values }, moments }: WordVectors,
  rows: Int32Array,
  gradient: Float32Array,
  { rate, step, scale }: { rate: number; step: number; scale: number },
): void {
  if (!moments) return
  const { first, second } = moments
  const { beta1, beta2, epsilon } = adam
  const stepRate = (rate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step)
  for (let place = 0; place < rows.length; place++) {
    const start = rows[place]! * columns
    for (let column = 0; column < columns; column++) {
      const i = start + column
      const g = gradient[place * columns + column]! * scale
      const m = (first[i] = beta1 * first[i]! + (1 - beta1) * g)
      const v = (second[i] = beta2 * second[i]! + (1 - beta2) * g * g)
      values[i] = values[i]! - (stepRate * m) / (Math.sqrt(v) + epsilon)
    }
  }
}
