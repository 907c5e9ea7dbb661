import type { StageContext } from '#engine/context.ts'
import type { Targets } from '#engine/models/learning/targets.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import type { SparseRows } from './vectoriser.ts'

export interface SoftmaxProblem {
  rows: SparseRows
  columnCount: number
  /** The document of each row, for its target. */
  documents: Int32Array
  targets: Targets
  /** Of each label: the logarithm of its share. */
  bias: Float64Array
}

export interface StochasticSettings {
  optimiser: 'sgd' | 'adagrad'
  epochs: number
  learningRate: number
  l2: number
  featureDropout: number
  seed: number
}

/** Multiplications between two pauses: some tens of milliseconds. */
const workBetweenPauses = 20_000_000

/**
 * Softmax regression from weights of zero, one document an update. `sgd`: the rate falls linearly to 0, and each update
 * leaves out a share of the document's n-grams. `adagrad` (Duchi et al. 2011): one sum of squared gradients for each
 * n-gram's row of weights instead of one a weight; l2 draws the rows that an update touches.
 * @returns weights, columns x labels
 */
export async function trainStochastic(
  { rows: { starts, columns, values }, columnCount, documents, targets, bias }: SoftmaxProblem,
  { optimiser, epochs, learningRate, l2, featureDropout, seed }: StochasticSettings,
  context: StageContext,
): Promise<Float32Array> {
  const labelCount = bias.length
  const weights = new Float32Array(columnCount * labelCount)
  const squares = new Float32Array(optimiser === 'adagrad' ? columnCount : 0)
  const random = seededRandom(seed, 1)
  const order = Int32Array.from(documents.keys())
  const [logits, error] = [new Float64Array(labelCount), new Float64Array(labelCount)]
  let longest = 0
  for (let row = 0; row < documents.length; row++) longest = Math.max(longest, starts[row + 1]! - starts[row]!)
  const [active, strengths] = [new Int32Array(longest), new Float64Array(longest)]
  const total = epochs * documents.length
  let [done, work] = [0, 0]
  for (let epoch = 0; epoch < epochs; epoch++) {
    random.shuffle(order)
    for (const row of order) {
      let size = 0
      for (let i = starts[row]!; i < starts[row + 1]!; i++) {
        if (featureDropout > 0 && random.next() < featureDropout) continue
        active[size] = columns[i]! * labelCount
        strengths[size++] = values[i]! / (1 - featureDropout)
      }
      logits.set(bias)
      addLogits(weights, active, strengths, size, logits)
      targets.fill(documents[row]!, error)
      const norm = subtractFrom(error, logits)
      if (optimiser === 'sgd') updateRows(weights, active, strengths, size, error, learningRate * (1 - done / total))
      else updateAdaptively(weights, squares, active, strengths, size, error, norm, learningRate, l2)
      done++
      work += size * labelCount
      if (work < workBetweenPauses) continue
      work = 0
      context.report({ done, total, unit: 'documents' })
      await pause(context)
    }
  }
  return weights
}

/** Four rows at a time: each logit is fetched and stored a quarter as often. */
function addLogits(
  weights: Float32Array,
  active: Int32Array,
  strengths: Float64Array,
  size: number,
  logits: Float64Array,
): void {
  const labelCount = logits.length
  let i = 0
  for (; i + 4 <= size; i += 4) {
    const [a, b, c, d] = [active[i]!, active[i + 1]!, active[i + 2]!, active[i + 3]!]
    const [va, vb, vc, vd] = [strengths[i]!, strengths[i + 1]!, strengths[i + 2]!, strengths[i + 3]!]
    for (let label = 0; label < labelCount; label++) {
      logits[label]! +=
        va * weights[a + label]! + vb * weights[b + label]! + (vc * weights[c + label]! + vd * weights[d + label]!)
    }
  }
  for (; i < size; i++) {
    const [at, strength] = [active[i]!, strengths[i]!]
    for (let label = 0; label < labelCount; label++) logits[label]! += strength * weights[at + label]!
  }
}

/** Turns targets into softmax(logits) - targets; returns the sum of its squares. */
export function subtractFrom(targets: Float64Array, logits: Float64Array): number {
  const labelCount = logits.length
  let greatest = -Infinity
  for (let label = 0; label < labelCount; label++) if (logits[label]! > greatest) greatest = logits[label]!
  let sum = 0
  for (let label = 0; label < labelCount; label++) sum += logits[label] = Math.exp(logits[label]! - greatest)
  let norm = 0
  for (let label = 0; label < labelCount; label++) {
    const error = logits[label]! / sum - targets[label]!
    targets[label] = error
    norm += error * error
  }
  return norm
}

function updateRows(
  weights: Float32Array,
  active: Int32Array,
  strengths: Float64Array,
  size: number,
  error: Float64Array,
  rate: number,
): void {
  const labelCount = error.length
  for (let i = 0; i < size; i++) {
    const [at, step] = [active[i]!, rate * strengths[i]!]
    for (let label = 0; label < labelCount; label++) weights[at + label]! -= step * error[label]!
  }
}

function updateAdaptively(
  weights: Float32Array,
  squares: Float32Array,
  active: Int32Array,
  strengths: Float64Array,
  size: number,
  error: Float64Array,
  norm: number,
  learningRate: number,
  l2: number,
): void {
  const labelCount = error.length
  for (let i = 0; i < size; i++) {
    const [at, strength] = [active[i]!, strengths[i]!]
    const column = at / labelCount
    squares[column]! += norm * strength * strength
    const rate = learningRate / Math.sqrt(squares[column]! + 1e-12)
    const [step, keep] = [rate * strength, 1 - rate * l2]
    for (let label = 0; label < labelCount; label++)
      weights[at + label] = keep * weights[at + label]! - step * error[label]!
  }
}
