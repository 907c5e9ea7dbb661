import type { GeographyReport } from '#protocol/geographyReport.ts'
import type { StageContext } from '#engine/context.ts'
import { geographyTest } from '#engine/regions/geographyTest.ts'
import type { VariantCounts } from '#engine/regions/sites.ts'

/** Fewer sites tell nothing of geography, and no line is drawn. */
export const leastSites = 15
const flips = 10_000

/** The test of geography; null below 15 sites and where everybody says the same. */
export async function geographyOf(
  sites: VariantCounts,
  seed: number,
  context: StageContext,
): Promise<GeographyReport | null> {
  const used = sites.users.filter((users) => users.some((count) => count > 0))
  if (sites.lat.length < leastSites || used.length < 2) return null
  const { statistic, p, unit, bandwidthKm, detectableDifference } = await geographyTest(sites, { flips, seed }, context)
  return { statistic, p, unit, bandwidthKm, detectableDifference }
}
