import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import { range } from './range.ts'
import { take } from './take.ts'
import type { Points } from './points.ts'
import { radixSort } from './radixSort.ts'

export interface DistinctPlaces {
  /** Sorted by latitude, then longitude; each pair occurs once. */
  places: Points
  /** How many points lie at each place. */
  weights: Float64Array
  /** The place of each point. */
  placeOf: Int32Array
}

/** The distinct coordinates of points, in an order that does not depend on the order of the points. Linear time. */
export async function distinctPlaces(points: Points, context: StageContext): Promise<DistinctPlaces> {
  const count = points.lat.length
  const { items: byLon } = radixSort(points.lon, range(count))
  await pause(context)
  const { values: lats, items: order } = radixSort(take(points.lat, byLon), byLon)
  await pause(context)
  const lons = take(points.lon, order)
  const placeOf = new Int32Array(count)
  const weights = new Float64Array(count)
  let places = 0
  // Sorted places are moved to the front: the first of each is there already or behind.
  for (let p = 0; p < count; p++) {
    const lat = lats[p]!
    const lon = lons[p]!
    // -0 and 0 are equal, in the sort and here.
    if (places === 0 || lats[places - 1] !== lat || lons[places - 1] !== lon) {
      lats[places] = lat
      lons[places] = lon
      places++
    }
    weights[places - 1] = weights[places - 1]! + 1
    placeOf[order[p]!] = places - 1
  }
  return {
    places: { lat: lats.slice(0, places), lon: lons.slice(0, places) },
    weights: weights.slice(0, places),
    placeOf,
  }
}
