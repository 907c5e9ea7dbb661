import { Matrix, inverse } from 'ml-matrix'
import { principalComponents, type StandardMaps } from './principalComponents.ts'
import { varimax } from './varimax.ts'

/** What many maps have in common. */
export interface CommonFactors {
  factors: number
  /** maps x factors: the correlation of the map with the factor's scores. */
  loadings: Float64Array
  /** Of each factor: its part of the variance of all maps. */
  shares: Float64Array
  /** maps x factors: scores are standardised maps times these. */
  weights: Float64Array
}

/**
 * Principal components of the maps' correlations, turned by varimax, the factor of the greatest share first. Scores have variance
 * 1 and are uncorrelated, since components are; a factor's sign is that at which the cubes of its loadings add up to more than 0.
 */
export function commonFactors(maps: StandardMaps, factors: number): CommonFactors {
  const { loadings } = principalComponents(maps, factors)
  const turned = factors > 1 ? varimax(loadings!, factors).loadings : loadings!
  const square = (k: number) => sumOver(maps.maps, (map) => turned[map * factors + k]! ** 2)
  const squares = Array.from({ length: factors }, (_, k) => square(k))
  const order = [...squares.keys()].sort((a, b) => squares[b]! - squares[a]! || a - b)
  const sign = order.map((k) => (sumOver(maps.maps, (map) => turned[map * factors + k]! ** 3) < 0 ? -1 : 1))
  const sorted = new Matrix(maps.maps, factors)
  for (let map = 0; map < maps.maps; map++)
    order.forEach((from, k) => sorted.set(map, k, sign[k]! * turned[map * factors + from]!))
  // Loadings A of components: scores are Z' A (A' A)^-1.
  const weights = sorted.mmul(inverse(sorted.transpose().mmul(sorted)))
  return {
    factors,
    loadings: Float64Array.from(sorted.to1DArray()),
    shares: Float64Array.from(order, (k) => squares[k]! / maps.maps),
    weights: Float64Array.from(weights.to1DArray()),
  }
}

/** Scores by place and factor, row by row, of maps that are standardised as those were: `values` is maps x places. */
export function factorScores({ factors, weights }: CommonFactors, values: Float64Array, places: number): Float64Array {
  const scores = new Float64Array(places * factors)
  const maps = weights.length / factors
  for (let map = 0; map < maps; map++)
    for (let place = 0; place < places; place++) {
      const value = values[map * places + place]!
      for (let k = 0; k < factors; k++) scores[place * factors + k]! += value * weights[map * factors + k]!
    }
  return scores
}

function sumOver(count: number, value: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += value(i)
  return sum
}
