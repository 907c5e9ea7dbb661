import type { StageContext } from '#engine/context.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import { labelCentres } from '#engine/labels/labelCentres.ts'

/** A spread where all points lie at one place. */
const anyKm = 100

/** Median distance of points from their median place: how large the map is, for scales that a corpus must give. */
export async function spreadKm(points: Points, context: StageContext): Promise<number> {
  const count = points.lat.length
  const { median } = await labelCentres(points, new Int32Array(count), 1, context)
  const distances = Float64Array.from(points.lat, (lat, i) =>
    haversineKm(lat, points.lon[i]!, median.lat[0]!, median.lon[0]!),
  ).sort()
  return distances[count >> 1]! || anyKm
}
