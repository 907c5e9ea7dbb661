import type { StageContext } from '#engine/context.ts'
import type { TfIdfRows } from '#engine/models/learning/tfIdf.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'

export interface LogisticProblem {
  rows: TfIdfRows
  columnCount: number
  labelCount: number
  /** Writes the distribution that a row is trained towards. */
  target(row: number, into: Float64Array): void
  /** Mean target: the biases start at its logarithms. */
  prior: Float64Array
}

export interface LogisticSettings {
  l1: number
  l2: number
  epochs: number
  /** Duality gap, as a share of the objective, at which training ends. */
  tolerance: number
}

export interface LogisticWeights {
  /** columns x labels */
  weights: Float64Array
  biases: Float64Array
  epochs: number
}

/** Strong convexity below which steps become small: a proximal point makes up what l2 lacks. */
const leastConvexity = 0.25
/** Times an epoch that the biases move. */
const biasSteps = 20
/** Rows between two pauses. */
const rowsBetweenPauses = 500

/**
 * The minimum of the sum of cross-entropies + l1 |W| + l2 / 2 |W|^2, biases free, by proximal stochastic dual coordinate
 * ascent (Shalev-Shwartz & Zhang 2014, option III). Each row holds a distribution q, W follows from all of them:
 * W = soft(sum of (target - q) x, l1) / l2. A step moves one row's q towards what W says of it, p; the duality gap is the
 * sum of KL(q || p), so that training knows how far it is from the end. Where l2 is small the same steps solve a
 * sequence of problems with + k / 2 |W - C|^2, C the weights so far (Rockafellar 1976).
 * Biases have no dual: they follow their gradient, scaled by its diagonal curvature, some times an epoch.
 */
export async function solveLogistic(
  problem: LogisticProblem,
  settings: LogisticSettings,
  context: StageContext,
): Promise<LogisticWeights> {
  const state = startOf(problem, settings)
  const rowCount = problem.rows.starts.length - 1
  const order = Int32Array.from({ length: rowCount }, (_, row) => row)
  const random = seededRandom(0)
  let epoch = 0
  while (epoch < settings.epochs) {
    random.shuffle(order)
    let [gap, loss, sinceBias] = [0, 0, 0]
    for (let at = 0; at < rowCount; at++) {
      state.step(order[at]!)
      sinceBias++
      if (sinceBias * biasSteps >= rowCount || at === rowCount - 1) {
        state.moveBiases(sinceBias / rowCount)
        sinceBias = 0
      }
      if (at % rowsBetweenPauses === rowsBetweenPauses - 1) await pause(context)
    }
    epoch++
    ;({ gap, loss } = state.endEpoch())
    context.report({ done: epoch, total: settings.epochs, unit: 'steps' })
    if (gap <= settings.tolerance * loss && state.recentre() <= settings.tolerance * loss) break
  }
  return { weights: state.weights(), biases: state.biases, epochs: epoch }
}

/** The dual's state, and the steps that change it. */
function startOf(
  { rows: { starts, columns, values }, columnCount, labelCount, target, prior }: LogisticProblem,
  { l1, l2 }: LogisticSettings,
) {
  const rowCount = starts.length - 1
  const pull = Math.max(0, leastConvexity - l2)
  const convexity = l2 + pull
  /** What W is the soft threshold of: sum of (target - q) x, and the centre's pull. */
  const sums = new Float64Array(columnCount * labelCount)
  const centre = pull > 0 ? new Float64Array(columnCount * labelCount) : null
  const duals = new Float32Array(rowCount * labelCount)
  const biases = prior.map((share) => Math.log(share))
  /** Sum over rows of q - target, the biases' gradient; and of q (1 - q), a bound of its curvature. */
  const slope = new Float64Array(labelCount)
  const [logits, change, wanted] = [
    new Float64Array(labelCount),
    new Float64Array(labelCount),
    new Float64Array(labelCount),
  ]
  for (let row = 0; row < rowCount; row++) {
    target(row, wanted)
    duals.set(wanted, row * labelCount)
  }
  const curvature = prior.map((share) => rowCount * share * (1 - share) + 1)
  let [gap, loss] = [0, 0]

  const addScores = (from: number, to: number) => {
    logits.set(biases)
    for (let i = from; i < to; i++) {
      const at = columns[i]! * labelCount
      const value = values[i]! / convexity
      if (l1 === 0) for (let label = 0; label < labelCount; label++) logits[label]! += value * sums[at + label]!
      else
        for (let label = 0; label < labelCount; label++) {
          const sum = sums[at + label]!
          if (sum > l1) logits[label]! += value * (sum - l1)
          else if (sum < -l1) logits[label]! += value * (sum + l1)
        }
    }
  }

  return {
    biases,

    /** Moves a row's q towards p, as far as surely lessens the gap. */
    step(row: number): void {
      const [from, to, at] = [starts[row]!, starts[row + 1]!, row * labelCount]
      addScores(from, to)
      let greatest = -Infinity
      for (let label = 0; label < labelCount; label++) if (logits[label]! > greatest) greatest = logits[label]!
      let sum = 0
      for (let label = 0; label < labelCount; label++) {
        const raised = Math.exp(logits[label]! - greatest)
        change[label] = raised
        sum += raised
      }
      const logNorm = greatest + Math.log(sum)
      let [divergence, distance, length] = [0, 0, 0]
      for (let label = 0; label < labelCount; label++) {
        const held = duals[at + label]!
        const moved = change[label]! / sum - held
        change[label] = moved
        distance += moved * moved
        if (held > 1e-12) divergence += held * (Math.log(held) - logits[label]! + logNorm)
      }
      divergence = Math.max(0, divergence)
      gap += divergence
      loss += logNorm
      if (distance < 1e-14) return
      for (let i = from; i < to; i++) length += values[i]! * values[i]!
      // The cross-entropy is 1/2-smooth: gamma is 2.
      const share = Math.min(1, (divergence + distance) / (distance * (2 + length / convexity)))
      for (let label = 0; label < labelCount; label++) {
        const held = duals[at + label]!
        const now = Math.fround(held + share * change[label]!)
        duals[at + label] = now
        change[label] = now - held
        slope[label]! += now - held
      }
      for (let i = from; i < to; i++) {
        const start = columns[i]! * labelCount
        const value = values[i]!
        for (let label = 0; label < labelCount; label++) sums[start + label]! -= value * change[label]!
      }
    },

    moveBiases(share: number): void {
      for (let label = 0; label < labelCount; label++) biases[label]! -= (share * slope[label]!) / curvature[label]!
    },

    /** The gap and the objective's order, as the epoch met them. */
    endEpoch() {
      const met = { gap, loss: Math.max(loss, 1e-300) }
      for (let label = 0; label < labelCount; label++) met.gap += (slope[label]! * slope[label]!) / curvature[label]!
      ;[gap, loss] = [0, 0]
      return met
    },

    /** Moves the proximal point to the weights; what that adds to the objective, 0 where there is none. */
    recentre(): number {
      if (!centre) return 0
      let moved = 0
      for (let i = 0; i < sums.length; i++) {
        const weight = soft(sums[i]!, l1) / convexity
        const by = weight - centre[i]!
        moved += by * weight
        sums[i]! += pull * by
        centre[i] = weight
      }
      return pull * Math.abs(moved)
    },

    weights: () => sums.map((sum) => soft(sum, l1) / convexity),
  }
}

const soft = (value: number, by: number) => (value > by ? value - by : value < -by ? value + by : 0)
