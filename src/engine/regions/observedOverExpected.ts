import type { StageContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import type { Points } from '#engine/geo/points.ts'
import type { EqualAreaGrid } from './equalAreaGrid.ts'
import { kernelSums } from './kernelSums.ts'

/**
 * One word alone: users over the users that are to be expected from how much people write, sum K y / sum K pi, by node; NaN
 * where the grid shows nothing or nobody is expected.
 * @param users,expected by site: informants who use the word, and the sum of their probabilities to use it
 */
export async function observedOverExpected(
  sites: Points & { users: Float64Array; expected: Float64Array },
  grid: EqualAreaGrid,
  bandwidthKm: number,
  context: StageContext,
): Promise<Float64Array> {
  const source = { vectors: unitVectors(sites), informants: sites.expected, values: [sites.users] }
  const { weight, sums } = await kernelSums(source, { vectors: grid.vectors, wanted: grid.shown }, bandwidthKm, context)
  return sums[0]!.map((users, node) => (weight[node]! > 0 ? users / weight[node]! : NaN))
}
