import { mean } from 'd3-array'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { kMeans } from '#engine/labels/kMeans.ts'
import { meanLongitude } from '#engine/models/learning/coordinateScale.ts'
import { spreadKm } from '#engine/models/learning/spreadKm.ts'
import { toPlane, type DensityPlane } from './densityPlane.ts'
import { valuesOf } from './gaussians.ts'

export interface StartGaussians {
  plane: DensityPlane
  /** Learnt values, components x 5. */
  values: Float32Array
  /** Share of the training documents of each. */
  shares: Float64Array
}

/**
 * Gaussians with which training begins: the means, spreads and correlations of k-means' clusters of the training places (as Rahimi,
 * Baldwin & Cohn 2017a begin).
 */
export async function startGaussians(
  places: Points,
  { components, leastSpreadKm, seed }: { components: number; leastSpreadKm: number; seed: number },
  context: StageContext,
): Promise<StartGaussians> {
  const { centres, clusterOfPoint } = await kMeans(places, { clusters: components, seed }, context)
  const count = centres.lat.length
  const unitKm = Math.max(leastSpreadKm, (await spreadKm(places, context)) / Math.sqrt(count))
  const plane = { lat: mean(places.lat)!, lon: meanLongitude(places), unitKm }
  const flat = toPlane(plane, places)
  // Documents, and sums of x, y, xx, xy and yy.
  const sums = new Float64Array(6 * count)
  clusterOfPoint.forEach((k, i) => {
    const [x, y] = [flat[2 * i]!, flat[2 * i + 1]!]
    for (const [s, value] of [1, x, y, x * x, x * y, y * y].entries()) sums[6 * k + s]! += value
  })
  const values: number[] = []
  for (let k = 0; k < count; k++) {
    const [n, x, y, xx, xy, yy] = sums.subarray(6 * k, 6 * k + 6) as unknown as number[]
    const [meanX, meanY] = [x! / n!, y! / n!]
    const [varX, varY] = [Math.max(0, xx! / n! - meanX * meanX), Math.max(0, yy! / n! - meanY * meanY)]
    const [sx, sy] = [Math.sqrt(varX), Math.sqrt(varY)]
    const correlation = sx * sy > 1e-9 ? (xy! / n! - meanX * meanY) / (sx * sy) : 0
    values.push(...valuesOf([meanX, meanY], [sx, sy], correlation, leastSpreadKm / unitKm))
  }
  const shares = Float64Array.from({ length: count }, (_, k) => sums[6 * k]! / clusterOfPoint.length)
  return { plane, values: Float32Array.from(values), shares }
}
