import type { StatsAnswer } from '#protocol/areaStatistics.ts'
import type { QuestionOf } from '#protocol/explorer.ts'
import type { StageContext } from '#engine/context.ts'
import { reportRates } from '#engine/explorer/areas/areaRates.ts'
import { readRates } from '#engine/explorer/areas/readRates.ts'

/** Spatial statistics of areas and counts of one's own. */
export async function ratesOf(
  { file, users, weights, seed }: Omit<QuestionOf<'rates'>, 'corpus'>,
  context: StageContext,
): Promise<StatsAnswer> {
  const { rates, polygons, variant, reading } = await readRates(file, users)
  const report = await reportRates(rates, { weights, seed }, context)
  const numbers = new Map(rates.ids.map((id, i) => [id, i]))
  return {
    variant,
    outside: 0,
    ...report,
    shapes: polygons && {
      type: 'FeatureCollection',
      features: report.areas.map((area) => ({
        type: 'Feature',
        id: area.id,
        properties: area,
        geometry: { type: 'MultiPolygon', coordinates: polygons[numbers.get(area.id)!]! },
      })),
    },
    reading,
  }
}
