import { earthRadiusKm } from '#pure/greatCircle.ts'
import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import { chordSquared } from './chords.ts'

/** Beyond this many bandwidths a Gaussian weighs less than a two hundred millionth of its middle. */
const reach = 6.2
const rowsBetweenPauses = 400

export interface KernelSums {
  /** sum of K x informants, and of K² x informants, by target. */
  weight: Float64Array
  squares: Float64Array
  /** sum of K x values, one array for each of `values`. */
  sums: Float64Array[]
  /** sum of K² x values, one array for each of `squaredValues`. */
  squaredSums: Float64Array[]
}

/**
 * Gaussian sums K = exp(-chord² / 2h²) over sites at each target.
 * @param values arrays by site, such as users; `squaredValues` likewise, with the kernel squared
 * @param wanted targets to fill; the others stay 0
 */
export async function kernelSums(
  sites: { vectors: Float64Array; informants: Float64Array; values: Float64Array[]; squaredValues?: Float64Array[] },
  targets: { vectors: Float64Array; wanted: Uint8Array },
  bandwidthKm: number,
  context: StageContext,
): Promise<KernelSums> {
  const count = targets.wanted.length
  const { squaredValues = [] } = sites
  const result: KernelSums = {
    weight: new Float64Array(count),
    squares: new Float64Array(count),
    sums: sites.values.map(() => new Float64Array(count)),
    squaredSums: squaredValues.map(() => new Float64Array(count)),
  }
  const factor = -(earthRadiusKm ** 2) / (2 * bandwidthKm ** 2)
  const limit = ((reach * bandwidthKm) / earthRadiusKm) ** 2
  for (let target = 0; target < count; target++) {
    if (target % rowsBetweenPauses === 0) {
      await pause(context)
      context.report({ done: target, total: count, unit: 'steps', title: 'Surface' })
    }
    if (!targets.wanted[target]) continue
    let [weight, squares] = [0, 0]
    for (let site = 0; site < sites.informants.length; site++) {
      const squared = chordSquared(targets.vectors, target, sites.vectors, site)
      if (squared > limit) continue
      const kernel = Math.exp(factor * squared)
      const mass = kernel * sites.informants[site]!
      weight += mass
      squares += kernel * mass
      for (let v = 0; v < sites.values.length; v++) result.sums[v]![target]! += kernel * sites.values[v]![site]!
      for (let v = 0; v < squaredValues.length; v++)
        result.squaredSums[v]![target]! += kernel * kernel * squaredValues[v]![site]!
    }
    result.weight[target] = weight
    result.squares[target] = squares
  }
  return result
}
