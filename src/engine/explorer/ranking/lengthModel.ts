/** Informants in groups of like length: who writes more uses more words. */
export interface LengthBins {
  /** Of each informant; -1 for one who does not count. */
  binOf: Int32Array
  counts: Float64Array
  /** Mean log length. */
  logLength: Float64Array
}

/** Enough that within a group lengths hardly differ. */
const mostBins = 64

/** Groups of like numbers of informants in the order of their lengths; equal lengths are never parted. */
export function lengthBins(lengths: Float64Array): LengthBins {
  const counted = Int32Array.from(lengths.keys()).filter((i) => lengths[i]! > 0)
  const sorted = counted.sort((a, b) => lengths[a]! - lengths[b]! || a - b)
  const binOf = new Int32Array(lengths.length).fill(-1)
  const counts: number[] = []
  const sums: number[] = []
  const least = sorted.length / mostBins
  sorted.forEach((informant, k) => {
    const isNew = k === 0 || (counts.at(-1)! >= least && lengths[informant] !== lengths[sorted[k - 1]!])
    if (isNew) {
      counts.push(0)
      sums.push(0)
    }
    counts[counts.length - 1]!++
    sums[sums.length - 1]! += Math.log(lengths[informant]!)
    binOf[informant] = counts.length - 1
  })
  return {
    binOf,
    counts: Float64Array.from(counts),
    logLength: Float64Array.from(sums, (sum, bin) => sum / counts[bin]!),
  }
}

/**
 * The probability to use a word by group: logit p = a + b log L, at which the expected number of users is n and their expected
 * log length adds up to `sum`. n and the sum are sufficient: no other property of the word moves the probabilities.
 */
export function useByLength({ counts, logLength }: LengthBins, n: number, sum: number): Float64Array {
  const total = counts.reduce((all, count) => all + count, 0)
  if (counts.length === 1) return Float64Array.of(n / total)
  const centre = counts.reduce((all, count, bin) => all + count * logLength[bin]!, 0) / total
  let [a, b] = [Math.log(n / (total - n)), 0]
  const p = new Float64Array(counts.length)
  for (let step = 0; step < 50; step++) {
    let [ga, gb, haa, hab, hbb] = [n, sum - n * centre, 0, 0, 0]
    for (let bin = 0; bin < p.length; bin++) {
      const u = logLength[bin]! - centre
      p[bin] = 1 / (1 + Math.exp(-(a + b * u)))
      const w = counts[bin]! * p[bin]! * (1 - p[bin]!)
      ga -= counts[bin]! * p[bin]!
      gb -= counts[bin]! * p[bin]! * u
      haa += w
      hab += w * u
      hbb += w * u * u
    }
    const determinant = haa * hbb - hab * hab
    if (!(determinant > 1e-12)) break
    const da = (hbb * ga - hab * gb) / determinant
    const db = (haa * gb - hab * ga) / determinant
    // Words of the longest texts alone would run away.
    const part = Math.min(1, 3 / (Math.abs(da) + Math.abs(db) + 1e-12))
    a += part * da
    b = Math.max(-20, Math.min(20, b + part * db))
    if (Math.abs(da) + Math.abs(db) < 1e-9) break
  }
  return p
}
