import type { StageContext } from '#engine/context.ts'
import { conditionalPermutation } from './conditionalPermutation.ts'
import { empiricalBayes, smoothedRates, standardisedRates, type AreaCounts } from './empiricalBayes.ts'
import { falseDiscoveries } from './falseDiscoveries.ts'
import { geary, moran, type Geary, type Moran } from './globalStatistics.ts'
import { joinCounts, type JoinCounts } from './joinCounts.ts'
import { gStar, gWithoutSelf, localMoran, quadrants, type Quadrant } from './localStatistics.ts'
import { islandsOf, rowStandardised, type SpatialWeights } from './spatialWeights.ts'

/** Below so many areas the variances of the statistics are not defined. */
export const leastAreas = 4

export interface AreaStatistics {
  /** By area, in the order of the counts. */
  rate: Float64Array
  smoothed: Float64Array
  gStar: Float64Array
  g: Float64Array
  localMoran: Float64Array
  quadrant: Quadrant[]
  /** By conditional permutation, for local Moran, Gi and Gi* alike; NaN for islands. */
  p: Float64Array
  q: Float64Array
  moran: Moran
  /** Of the rates standardised by Assunção & Reis. */
  ratesMoran: Moran
  geary: Geary
  /** Of areas above the overall share (colour 1) and the others. */
  joinCounts: JoinCounts
  share: number
  islands: number
}

/**
 * The spatial statistics of one rate over areas: Moran, Geary and local Moran on row-standardised weights, Gi, Gi* and join
 * counts on the weights as they are, as PySAL does by default.
 * @param counts of at least `leastAreas` areas, with informants in each
 * @param seed of the permutations
 */
export async function areaStatistics(
  counts: AreaCounts,
  weights: SpatialWeights,
  { seed }: { seed: number },
  context: StageContext,
): Promise<AreaStatistics> {
  const rate = counts.users.map((users, i) => users / counts.informants[i]!)
  const bayes = empiricalBayes(counts)
  const byRow = rowStandardised(weights)
  const p = await conditionalPermutation(rate, byRow, { seed }, context)
  return {
    rate,
    smoothed: smoothedRates(counts, bayes),
    gStar: gStar(rate, weights),
    g: gWithoutSelf(rate, weights),
    localMoran: localMoran(rate, byRow),
    quadrant: quadrants(rate, byRow),
    p,
    q: falseDiscoveries(p),
    moran: moran(rate, byRow),
    ratesMoran: moran(standardisedRates(counts, bayes), byRow),
    geary: geary(rate, byRow),
    joinCounts: joinCounts(
      Int32Array.from(rate, (value) => (value > bayes.share ? 1 : 0)),
      weights,
    ),
    share: bayes.share,
    islands: islandsOf(weights),
  }
}
