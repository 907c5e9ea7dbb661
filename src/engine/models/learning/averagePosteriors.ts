import type { Posterior } from '#engine/models/learning/posterior.ts'

/** A probability that is nothing counts as e to this power, so that one model alone rules no label out for good. */
const leastLog = -700

/**
 * The geometric mean of what several models say of the same documents over the same labels, brought back to a sum of 1: a
 * label's logarithm is the mean of theirs, less the logarithm of the sum (a logarithmic opinion pool; Genest and Zidek 1986).
 */
export function averagePosteriors(posteriors: Posterior[]): Posterior {
  const [{ labelCount, logProbabilities: first }] = posteriors as [Posterior]
  const other = posteriors.find((one) => one.labelCount !== labelCount || one.logProbabilities.length !== first.length)
  if (other) throw new Error(`Posteriors of ${labelCount} labels were expected, found one of ${other.labelCount}.`)
  const logProbabilities = new Float32Array(first.length)
  const sums = new Float64Array(labelCount)
  for (let start = 0; start < first.length; start += labelCount) {
    sums.fill(0)
    for (const one of posteriors)
      for (let label = 0; label < labelCount; label++)
        sums[label]! += Math.max(leastLog, one.logProbabilities[start + label]!) / posteriors.length
    normalise(sums)
    logProbabilities.set(sums, start)
  }
  return { labelCount, logProbabilities }
}

/** The same of shares of labels. */
export function averageShares(shares: Float64Array[]): Float64Array {
  const logs = Float64Array.from(
    shares[0]!,
    (_, label) => shares.reduce((sum, one) => sum + Math.max(leastLog, Math.log(one[label]!)), 0) / shares.length,
  )
  normalise(logs)
  return logs.map(Math.exp)
}

/** Logarithms less that of the sum of what they stand for, in place. */
function normalise(logs: Float64Array): void {
  const greatest = logs.reduce((most, log) => Math.max(most, log), -Infinity)
  const sum = logs.reduce((total, log) => total + Math.exp(log - greatest), 0)
  for (let label = 0; label < logs.length; label++) logs[label]! -= greatest + Math.log(sum)
}
