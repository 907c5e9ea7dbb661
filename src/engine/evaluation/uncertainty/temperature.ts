/** What a classifier says of some documents, and the label of each one's place; -1 where the scheme has none there. */
export interface Said {
  labelCount: number
  /** Natural logarithms of probabilities, documents x labelCount. */
  logProbabilities: Float32Array
  labels: Int32Array
}

/** Steps of the search: the bracket shrinks to a millionth of its width. */
const steps = 30
const [coldest, hottest] = [0.05, 20]

/** Probabilities of one document with their logarithms divided by the temperature; they add up to 1. */
export function probabilitiesAt({ labelCount, logProbabilities }: Said, document: number, temperature: number) {
  const start = document * labelCount
  let greatest = -Infinity
  for (let l = 0; l < labelCount; l++) greatest = Math.max(greatest, logProbabilities[start + l]!)
  const p = new Float64Array(labelCount)
  let sum = 0
  for (let l = 0; l < labelCount; l++) sum += p[l] = Math.exp((logProbabilities[start + l]! - greatest) / temperature)
  for (let l = 0; l < labelCount; l++) p[l]! /= sum
  return p
}

/** Mean negative log-likelihood of the labels, and mean Brier score (0 to 2), of documents that have a label. */
export function scoresAt(said: Said, temperature: number): { nll: number; brier: number } {
  let [count, nll, brier] = [0, 0, 0]
  said.labels.forEach((label, document) => {
    if (label < 0) return
    const p = probabilitiesAt(said, document, temperature)
    count++
    // A probability that is nothing in a double is still no certainty.
    nll -= Math.log(Math.max(p[label]!, Number.MIN_VALUE))
    brier += 1 - 2 * p[label]! + p.reduce((sum, value) => sum + value * value, 0)
  })
  return { nll: nll / Math.max(1, count), brier: brier / Math.max(1, count) }
}

/**
 * The temperature of least negative log-likelihood (Guo et al. 2017), which is convex in its inverse: by golden sections
 * between 0.05 and 20.
 * @returns 1 where no document has a label
 */
export function fitTemperature(said: Said): number {
  if (!said.labels.some((label) => label >= 0)) return 1
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [1 / hottest, 1 / coldest]
  const lossAt = (inverse: number) => scoresAt(said, 1 / inverse).nll
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)]
  let [leftLoss, rightLoss] = [lossAt(left), lossAt(right)]
  for (let step = 0; step < steps; step++) {
    if (leftLoss <= rightLoss) {
      ;[high, right, rightLoss] = [right, left, leftLoss]
      left = high - golden * (high - low)
      leftLoss = lossAt(left)
    } else {
      ;[low, left, leftLoss] = [left, right, rightLoss]
      right = low + golden * (high - low)
      rightLoss = lossAt(right)
    }
  }
  return 2 / (low + high)
}
