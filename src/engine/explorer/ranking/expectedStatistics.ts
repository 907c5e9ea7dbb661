import { useByLength } from './lengthModel.ts'
import type { Population } from './nullDistribution.ts'
import type { WordSize } from './nullGrid.ts'

/**
 * E0 T by bandwidth of words that have nothing to do with place: the sum of p (1 - p) |x - its regression on 1 and log length|^2
 * over the informants. Informants of one length have one p, so that sums over the groups say all.
 */
export function expectedStatistics(population: Population, byGroup: Float64Array): (word: WordSize) => Float64Array {
  const { bins, features, members } = population
  const { width, ends } = features
  const squares = squaresByGroup(population)
  const [level, slope] = [new Float64Array(width), new Float64Array(width)]
  return ({ n, meanLogLength }) => {
    const p = useByLength(bins, n, n * meanLogLength)
    let [s0, s1, s2] = [0, 0, 0]
    level.fill(0)
    slope.fill(0)
    const expected = new Float64Array(ends.length)
    for (let bin = 0; bin < members.length; bin++) {
      const [w, u] = [p[bin]! * (1 - p[bin]!), bins.logLength[bin]!]
      s0 += w * members[bin]!.length
      s1 += w * members[bin]!.length * u
      s2 += w * members[bin]!.length * u * u
      for (let k = 0, at = bin * width; k < width; k++) {
        level[k]! += w * byGroup[at + k]!
        slope[k]! += w * u * byGroup[at + k]!
      }
      for (let h = 0; h < ends.length; h++) expected[h]! += w * squares[bin * ends.length + h]!
    }
    // What the regression takes away: the level's part, and that of the slope about it.
    const spread = s2 - (s1 * s1) / s0
    const varies = members.length > 1 && spread > 1e-9 * s2
    for (let k = 0, h = 0; k < width; k++) {
      if (k === ends[h]) h++
      const about = slope[k]! - (s1 / s0) * level[k]!
      expected[h]! -= level[k]! ** 2 / s0 + (varies ? about ** 2 / spread : 0)
    }
    return expected
  }
}

/** Sums of |x|^2 by group and bandwidth. */
function squaresByGroup({ cellOf, features: { width, rows, ends }, members }: Population): Float64Array {
  const squares = new Float64Array(members.length * ends.length)
  members.forEach((informants, bin) => {
    for (const informant of informants)
      for (let k = 0, h = 0, at = cellOf[informant]! * width; k < width; k++) {
        if (k === ends[h]) h++
        squares[bin * ends.length + h]! += rows[at + k]! ** 2
      }
  })
  return squares
}
