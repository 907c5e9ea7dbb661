import type { StageContext } from '#engine/context.ts'
import type { Targets } from '#engine/models/learning/targets.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import type { SparseRows } from './vectoriser.ts'
import { weightRows, type WeightRows } from './weightRows.ts'

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
  const squares = new Float32Array(optimiser === 'adagrad' ? columnCount : 0)
  const random = seededRandom(seed, 1)
  const order = Int32Array.from(documents.keys())
  let longest = 0
  for (let row = 0; row < documents.length; row++) longest = Math.max(longest, starts[row + 1]! - starts[row]!)
  const held = weightRows({ columnCount, labelCount, longest })
  const { active, strengths, logits, error } = held
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
      held.add(size)
      targets.fill(documents[row]!, error)
      const norm = subtractFrom(error, logits)
      if (optimiser === 'sgd') updateRows(held, size, learningRate * (1 - done / total))
      else updateAdaptively(held, size, squares, norm, learningRate, l2)
      done++
      work += size * labelCount
      if (work < workBetweenPauses) continue
      work = 0
      context.report({ done, total, unit: 'documents' })
      await pause(context)
    }
  }
  return held.weights
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

function updateRows({ active, strengths, update }: WeightRows, size: number, rate: number): void {
  for (let i = 0; i < size; i++) update(active[i]!, 1, rate * strengths[i]!)
}

function updateAdaptively(
  { active, strengths, error, update }: WeightRows,
  size: number,
  squares: Float32Array,
  norm: number,
  learningRate: number,
  l2: number,
): void {
  for (let i = 0; i < size; i++) {
    const [at, strength] = [active[i]!, strengths[i]!]
    const column = at / error.length
    squares[column]! += norm * strength * strength
    const rate = learningRate / Math.sqrt(squares[column]! + 1e-12)
    update(at, 1 - rate * l2, rate * strength)
  }
}
