import type { StageContext } from '#engine/context.ts'
import { kernelSums } from '../kernelSums.ts'

/** One map: of each cell how many use the word, and how many were to be expected if place did nothing. */
export interface CellMap {
  name: string
  users: Float64Array
  expected: Float64Array
  /** Of the number of users. */
  variance: Float64Array
}

export interface CellPlaces {
  /** Unit vectors, x,y,z interleaved. */
  vectors: Float64Array
  informants: Float64Array
}

/** The local scores of several maps: row m is `values.subarray(m * targets, (m + 1) * targets)`. */
export interface LocalScores {
  values: Float64Array
  /** Informants who speak at a target: the lesser of sum K x informants and (sum K x informants)² / sum K² x informants. */
  effectiveInformants: Float64Array
}

/**
 * How far use about a place is from what was to be expected, in standard deviations: sum K (y - e) / sqrt(sum K² v) over the
 * cells, K = exp(-chord² / 2h²), the place's own cell among them, as in Getis and Ord's Gi* (1992). Where nothing is known it is 0.
 */
export async function localScores(
  maps: CellMap[],
  cells: CellPlaces,
  targets: { vectors: Float64Array; wanted: Uint8Array },
  bandwidthKm: number,
  context: StageContext,
): Promise<LocalScores> {
  const residuals = maps.map(({ users, expected }) => users.map((count, cell) => count - expected[cell]!))
  const variances = maps.map(({ variance }) => variance)
  const above = await kernelSums({ ...cells, values: residuals }, targets, bandwidthKm, context)
  // The square of a Gaussian is the Gaussian of a bandwidth smaller by the root of two.
  const below = await kernelSums({ ...cells, values: variances }, targets, bandwidthKm / Math.SQRT2, context)
  const count = targets.wanted.length
  const values = new Float64Array(maps.length * count)
  for (let map = 0; map < maps.length; map++)
    for (let target = 0; target < count; target++) {
      const variance = below.sums[map]![target]!
      values[map * count + target] = variance > 0 ? above.sums[map]![target]! / Math.sqrt(variance) : 0
    }
  return {
    values,
    // Kish's number alone does not say how far away they are.
    effectiveInformants: above.weight.map((weight, target) =>
      above.squares[target]! > 0 ? Math.min(weight, weight ** 2 / above.squares[target]!) : 0,
    ),
  }
}
