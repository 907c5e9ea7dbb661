import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import { kernelTimes, linearKernel } from './kernel.ts'
import { subtractFrom, type SoftmaxProblem } from './trainStochastic.ts'

/** Earlier steps from which L-BFGS learns the curvature. */
const memory = 10

/** Something of documents x labels, and the kernel times it. */
interface Pair {
  own: Float64Array
  image: Float64Array
}

/**
 * The minimum of sum of cross-entropies + l2 / 2 |W|^2 by L-BFGS (Liu & Nocedal 1989). Every step of it lies in the span of
 * the documents' rows, W = X' alpha, so that it runs on alpha (documents x labels) with the kernel K = X X' as its inner
 * product, which is L-BFGS on the weights themselves and costs one product with K an iteration.
 * @returns weights, columns x labels
 */
export async function trainDual(
  problem: SoftmaxProblem,
  { epochs, l2 }: { epochs: number; l2: number },
  context: StageContext,
): Promise<Float32Array> {
  const { rows, columnCount, bias } = problem
  const labelCount = bias.length
  const kernel = await linearKernel(rows, columnCount, context)
  const size = problem.documents.length * labelCount
  let point: Pair = { own: new Float64Array(size), image: new Float64Array(size) }
  const history: { step: Pair; change: Pair; curvature: number }[] = []
  const withImage = async (own: Float64Array): Promise<Pair> => ({
    own,
    image: await kernelTimes(kernel, own, labelCount, context),
  })
  let { loss, gradient } = objective(problem, point, l2)
  let slope = await withImage(gradient)
  for (let iteration = 0; iteration < epochs; iteration++) {
    const direction = descent(slope, history)
    const descentRate = dot(slope.image, direction.own)
    const first = history.length ? 1 : 1 / Math.max(1, Math.sqrt(-descentRate))
    let next: { point: Pair; loss: number; gradient: Float64Array } | null = null
    for (let length = first; length > 1e-8 && !next; length /= 2) {
      const tried = combined(point, direction, length)
      const found = objective(problem, tried, l2)
      if (found.loss <= loss + 1e-4 * length * descentRate) next = { point: tried, ...found }
    }
    if (!next) break
    const before = { point, slope, loss }
    ;({ point, loss, gradient } = next)
    slope = await withImage(gradient)
    const [step, change] = [combined(point, before.point, -1), combined(slope, before.slope, -1)]
    const curvature = dot(step.image, change.own)
    if (curvature > 0) history.push({ step, change, curvature })
    if (history.length > memory) history.shift()
    context.report({ done: iteration + 1, total: epochs, unit: 'steps' })
    await pause(context)
    if (before.loss - loss < 1e-7 * Math.abs(before.loss)) break
  }
  return weightsOf(problem, point.own)
}

/** The objective at alpha, and its gradient with the kernel as inner product: softmax - targets + l2 alpha. */
export function objective(
  { documents, targets, bias }: SoftmaxProblem,
  { own, image }: Pair,
  l2: number,
): { loss: number; gradient: Float64Array } {
  const labelCount = bias.length
  const gradient = new Float64Array(own.length)
  const logits = new Float64Array(labelCount)
  let loss = (l2 / 2) * dot(own, image)
  documents.forEach((document, row) => {
    const error = gradient.subarray(row * labelCount, (row + 1) * labelCount)
    targets.fill(document, error)
    let [greatest, expected, sum] = [-Infinity, 0, 0]
    for (let label = 0; label < labelCount; label++) {
      const logit = bias[label]! + image[row * labelCount + label]!
      logits[label] = logit
      expected += error[label]! * logit
      if (logit > greatest) greatest = logit
    }
    for (let label = 0; label < labelCount; label++) sum += Math.exp(logits[label]! - greatest)
    loss += greatest + Math.log(sum) - expected
    subtractFrom(error, logits)
  })
  for (let i = 0; i < own.length; i++) gradient[i]! += l2 * own[i]!
  return { loss, gradient }
}

/** Minus the inverse curvature times the slope, by two loops over the history. */
function descent(slope: Pair, history: { step: Pair; change: Pair; curvature: number }[]): Pair {
  let direction = combined(slope, slope, -2)
  const shares = new Float64Array(history.length)
  for (let i = history.length - 1; i >= 0; i--) {
    const { step, change, curvature } = history[i]!
    shares[i] = dot(step.image, direction.own) / curvature
    direction = combined(direction, change, -shares[i]!)
  }
  const last = history.at(-1)
  if (last) direction = scaled(direction, last.curvature / dot(last.change.image, last.change.own))
  history.forEach(({ step, change, curvature }, i) => {
    direction = combined(direction, step, shares[i]! - dot(change.image, direction.own) / curvature)
  })
  return direction
}

function weightsOf(
  { rows: { starts, columns, values }, columnCount, bias }: SoftmaxProblem,
  alpha: Float64Array,
): Float32Array {
  const labelCount = bias.length
  const weights = new Float32Array(columnCount * labelCount)
  for (let row = 0; row < starts.length - 1; row++) {
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const at = columns[i]! * labelCount
      for (let label = 0; label < labelCount; label++)
        weights[at + label]! += values[i]! * alpha[row * labelCount + label]!
    }
  }
  return weights
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** a + share b, in both parts. */
const combined = (a: Pair, b: Pair, share: number): Pair => ({
  own: plus(a.own, b.own, share),
  image: plus(a.image, b.image, share),
})

const scaled = ({ own, image }: Pair, by: number): Pair => ({
  own: own.map((value) => by * value),
  image: image.map((value) => by * value),
})

function plus(a: Float64Array, b: Float64Array, share: number): Float64Array {
  const sum = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) sum[i] = a[i]! + share * b[i]!
  return sum
}
