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
  const order = radixOrder(points.lat, radixOrder(points.lon, Uint32Array.from({ length: count }, (_, i) => i)))
  const placeOf = new Int32Array(count)
  const lat: number[] = []
  const lon: number[] = []
  const weights: number[] = []
  for (const i of order) {
    const last = lat.length - 1
    // -0 and 0 compare as equal, in the sort and here.
    if (last >= 0 && lat[last] === points.lat[i] && lon[last] === points.lon[i]) {
      weights[last]!++
      placeOf[i] = last
    } else {
      lat.push(points.lat[i]!)
      lon.push(points.lon[i]!)
      weights.push(1)
      placeOf[i] = last + 1
    }
  }
  return {
    places: { lat: Float64Array.from(lat), lon: Float64Array.from(lon) },
    weights: Float64Array.from(weights),
    placeOf,
  }
}

/** `order` sorted by value, equal ones as they stood: radix sort by 16 bits, since a comparator costs a call a step. */
export function radixOrder(values: Float64Array, order: Uint32Array): Uint32Array {
  const keys = sortableKeys(values)
  let from = order
  let to = new Uint32Array(order.length)
  const starts = new Uint32Array(0x10001)
  for (let digit = 0; digit < 4; digit++) {
    starts.fill(0)
    for (const i of from) starts[keys[4 * i + digit]! + 1]!++
    for (let d = 0; d < 0x10000; d++) starts[d + 1]! += starts[d]!
    for (const i of from) to[starts[keys[4 * i + digit]!]!++] = i
    ;[from, to] = [to, digit === 0 ? new Uint32Array(order.length) : from]
  }
  return from
}

/** Each number as four 16-bit digits, lowest first, that sort as the numbers do. */
function sortableKeys(values: Float64Array): Uint16Array {
  // Adding 0 turns -0 into 0.
  const bits = new Uint32Array(Float64Array.from(values, (value) => value + 0).buffer)
  for (let i = 0; i < bits.length; i += 2) {
    const negative = bits[i + 1]! >>> 31
    // Positive numbers sort as their bits do once the sign is set; negative ones the other way round.
    bits[i] = negative ? ~bits[i]! : bits[i]!
    bits[i + 1] = negative ? ~bits[i + 1]! : bits[i + 1]! | 0x80000000
  }
  return new Uint16Array(bits.buffer)
}
