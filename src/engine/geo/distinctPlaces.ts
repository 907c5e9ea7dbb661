import { ascending } from './ascending.ts'
import type { Points } from './points.ts'

export interface DistinctPlaces {
  /** Sorted by latitude, then longitude; each pair occurs once. */
  places: Points
  /** How many points lie at each place. */
  weights: Float64Array
  /** The place of each point. */
  placeOf: Int32Array
}

/** The distinct coordinates of points, in an order that does not depend on the order of the points. Linear time. */
export function distinctPlaces(points: Points): DistinctPlaces {
  const count = points.lat.length
  const order = radixOrder(points.lat, radixOrder(points.lon, ascending(count)))
  const placeOf = new Int32Array(count)
  const lat = new Float64Array(count)
  const lon = new Float64Array(count)
  const weights = new Float64Array(count)
  let places = 0
  for (let p = 0; p < count; p++) {
    const i = order[p]!
    // -0 and 0 are equal, in the sort and here.
    if (places === 0 || lat[places - 1] !== points.lat[i] || lon[places - 1] !== points.lon[i]) {
      lat[places] = points.lat[i]!
      lon[places] = points.lon[i]!
      places++
    }
    weights[places - 1]!++
    placeOf[i] = places - 1
  }
  return {
    places: { lat: lat.slice(0, places), lon: lon.slice(0, places) },
    weights: weights.slice(0, places),
    placeOf,
  }
}

/** `order` (each index once) sorted by value, equal ones as they stood: radix sort by 16 bits, since a comparator costs a call a step. */
export function radixOrder(values: Float64Array, order: Uint32Array): Uint32Array {
  const keys = sortableKeys(values)
  let from = order.slice()
  let to = new Uint32Array(order.length)
  const starts = new Uint32Array(0x10001)
  for (let digit = 0; digit < 4; digit++) {
    starts.fill(0)
    for (let i = 0; i < order.length; i++) starts[keys[4 * i + digit]! + 1]!++
    for (let d = 0; d < 0x10000; d++) starts[d + 1]! += starts[d]!
    for (let p = 0; p < order.length; p++) to[starts[keys[4 * from[p]! + digit]!]!++] = from[p]!
    ;[from, to] = [to, from]
  }
  return from
}

/** Each number as four 16-bit digits, lowest first, that sort as the numbers do. */
function sortableKeys(values: Float64Array): Uint16Array {
  const copy = new Float64Array(values.length)
  // Adding 0 turns -0 into 0.
  for (let i = 0; i < values.length; i++) copy[i] = values[i]! + 0
  const bits = new Uint32Array(copy.buffer)
  for (let i = 0; i < bits.length; i += 2) {
    const negative = bits[i + 1]! >>> 31
    // Positive numbers sort as their bits do once the sign is set; negative ones the other way round.
    bits[i] = negative ? ~bits[i]! : bits[i]!
    bits[i + 1] = negative ? ~bits[i + 1]! : bits[i + 1]! | 0x80000000
  }
  return new Uint16Array(bits.buffer)
}
