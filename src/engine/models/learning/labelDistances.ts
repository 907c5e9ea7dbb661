import { haversineKm } from '#engine/geo/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'

/** A scale where there is but one centre, or all are the same. */
const anyKm = 100

/** Median distance of a centre from the nearest other: how far apart the labels of a map lie. */
export function nearestCentreKm({ lat, lon }: Points): number {
  const nearest = new Float64Array(lat.length).fill(Infinity)
  for (let a = 0; a < lat.length; a++) {
    for (let b = 0; b < a; b++) {
      const km = haversineKm(lat[a]!, lon[a]!, lat[b]!, lon[b]!)
      if (km < nearest[a]!) nearest[a] = km
      if (km < nearest[b]!) nearest[b] = km
    }
  }
  const median = nearest.sort()[lat.length >> 1]!
  return Number.isFinite(median) && median > 0 ? median : anyKm
}
