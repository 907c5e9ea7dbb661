import { normalTail, twoSided } from './normalTail.ts'
import { lagOf, momentsOf, type SpatialWeights } from './spatialWeights.ts'

export interface Moran {
  i: number
  /** Without spatial pattern: -1 / (n - 1). */
  expected: number
  variance: number
  z: number
  /** Two-sided. */
  p: number
}

export interface Geary {
  c: number
  /** Without spatial pattern: 1. */
  expected: number
  variance: number
  /** Below 0 where neighbours are alike. */
  z: number
  /** One-sided, on the side on which c lies. */
  p: number
}

/**
 * Moran's I with its variance under random permutation of the values over the areas (Cliff & Ord 1981). Islands count among
 * the areas. NaN where all values are alike or nobody has a neighbour.
 * @param x a value for each of at least four areas
 */
export function moran(x: Float64Array, weights: SpatialWeights): Moran {
  const n = x.length
  const { deviations, squares, kurtosis } = deviationsOf(x)
  const { s0, s1, s2 } = momentsOf(weights)
  const lag = lagOf(weights, deviations)
  const i = ((n / s0) * lag.reduce((sum, value, area) => sum + value * deviations[area]!, 0)) / squares
  const expected = -1 / (n - 1)
  const a = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0)
  const b = kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0)
  const variance = (a - b) / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - expected * expected
  const z = (i - expected) / Math.sqrt(variance)
  return { i, expected, variance, z, p: twoSided(z) }
}

/** Geary's C, squared differences between neighbours over the variance, under the same permutation. */
export function geary(x: Float64Array, weights: SpatialWeights): Geary {
  const n = x.length
  const { squares, kurtosis: k } = deviationsOf(x)
  const { s0, s1, s2 } = momentsOf(weights)
  const { starts, neighbours, values } = weights
  let differences = 0
  for (let i = 0; i < n; i++)
    for (let at = starts[i]!; at < starts[i + 1]!; at++) differences += values[at]! * (x[i]! - x[neighbours[at]!]!) ** 2
  const c = ((n - 1) * differences) / (2 * s0 * squares)
  const variance =
    ((n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * k) -
      0.25 * (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * k) +
      s0 * s0 * (n * n - 3 - (n - 1) ** 2 * k)) /
    (n * (n - 2) * (n - 3) * s0 * s0)
  const z = (c - 1) / Math.sqrt(variance)
  return { c, expected: 1, variance, z, p: normalTail(Math.abs(z)) }
}

/** Deviations from the mean, their sum of squares, and the sample's kurtosis m4 / m2². */
export function deviationsOf(x: Float64Array): { deviations: Float64Array; squares: number; kurtosis: number } {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length
  const deviations = x.map((value) => value - mean)
  const squares = deviations.reduce((sum, d) => sum + d * d, 0)
  const fourths = deviations.reduce((sum, d) => sum + d ** 4, 0)
  return { deviations, squares, kurtosis: (x.length * fourths) / (squares * squares) }
}
