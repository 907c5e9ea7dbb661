import { deviationsOf } from './globalStatistics.ts'
import { lagOf, type SpatialWeights } from './spatialWeights.ts'

/**
 * Local Moran's I (Anselin 1995), (n - 1) z_i sum_j w_ij z_j / sum z², as PySAL has it. Above 0 where an area is like its
 * neighbours, below where it stands out.
 * @param weights row-standardised, as is usual
 */
export function localMoran(x: Float64Array, weights: SpatialWeights): Float64Array {
  const { deviations, squares } = deviationsOf(x)
  const lag = lagOf(weights, deviations)
  return deviations.map((d, i) => ((x.length - 1) * d * lag[i]!) / squares)
}

/** What an area and its neighbours are: high among high, low among high, low among low, high among low. */
export type Quadrant = 1 | 2 | 3 | 4

/** Quadrants of the Moran scatter plot, numbered as PySAL does. */
export function quadrants(x: Float64Array, weights: SpatialWeights): Quadrant[] {
  const { deviations } = deviationsOf(x)
  const lag = lagOf(weights, deviations)
  return Array.from(deviations, (d, i) => (d > 0 ? (lag[i]! > 0 ? 1 : 4) : lag[i]! > 0 ? 2 : 3))
}

/**
 * The z of Getis & Ord's Gi* for any weights (Ord & Getis 1995, equation 14): the sum over an area and its neighbours against
 * what as many areas drawn without replacement would have. High where high values gather.
 */
export function gStar(x: Float64Array, weights: SpatialWeights): Float64Array {
  const n = x.length
  const { deviations, squares } = deviationsOf(x)
  const lag = lagOf(weights, deviations)
  return deviations.map((d, i) => {
    const { sum, sumOfSquares } = rowSums(weights, i)
    const [w, w2] = [sum + weights.self, sumOfSquares + weights.self ** 2]
    return (lag[i]! + weights.self * d) / Math.sqrt((squares / n) * ((n * w2 - w * w) / (n - 1)))
  })
}

/** The same without the area itself: Gi, whose mean and variance are those of the other areas. NaN for islands. */
export function gWithoutSelf(x: Float64Array, weights: SpatialWeights): Float64Array {
  const n = x.length
  const { deviations, squares } = deviationsOf(x)
  const lag = lagOf(weights, deviations)
  return deviations.map((d, i) => {
    const { sum: w, sumOfSquares: w2 } = rowSums(weights, i)
    const mean = -d / (n - 1)
    const variance = (squares - d * d) / (n - 1) - mean * mean
    return (lag[i]! - w * mean) / Math.sqrt(variance * (((n - 1) * w2 - w * w) / (n - 2)))
  })
}

export function rowSums({ starts, values }: SpatialWeights, i: number): { sum: number; sumOfSquares: number } {
  let [sum, sumOfSquares] = [0, 0]
  for (let at = starts[i]!; at < starts[i + 1]!; at++) {
    sum += values[at]!
    sumOfSquares += values[at]! ** 2
  }
  return { sum, sumOfSquares }
}
