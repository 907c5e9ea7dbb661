import { placesOf } from '#engine/geo/unitVectors.ts'
import { earthRadiusKm } from '#pure/greatCircle.ts'
import { seededRandom } from '#engine/random.ts'
import type { VariantCounts } from '../sites.ts'

/** Fields of 1,000 x 700 km in the plane, laid on the sphere about 40°N 95°W, with a variable planted or none. */
export interface PlantedFieldOptions {
  sites: number
  informants: number
  siteEffectSd: number
  seed: number
  /** Share of variant A far on either side; without a line it is `share` everywhere. */
  line?: {
    form?: 'straight' | 'curved' | 'closed'
    /** Kilometres for the middle 80% of the change. */ widthKm: number
    plateaus?: [number, number]
  }
  share?: number
}

export interface PlantedField {
  sites: VariantCounts
  /** Above 0 where A has more than the middle of the plateaus; x, y in km from the field's middle. */
  signedKm: (x: number, y: number) => number
  /** Kilometres in the plane to a place in degrees, and back. */
  toPlace: (x: number, y: number) => { lat: number; lon: number }
  toPlane: (lat: number, lon: number) => [x: number, y: number]
}

export const fieldKm = [1000, 700] as const

export function plantedField({
  sites: count,
  informants: people,
  siteEffectSd,
  seed,
  line,
  share = 0.5,
}: PlantedFieldOptions): PlantedField {
  const random = seededRandom(seed, 77)
  const [width, height] = fieldKm
  // Cities draw sites and informants: half of the sites lie about eight of them, the sizes of sites fall as their rank.
  const cities = Array.from(
    { length: 8 },
    () => [(random.next() - 0.5) * width * 0.9, (random.next() - 0.5) * height * 0.9] as const,
  )
  const inside = ([x, y]: readonly [number, number]) => Math.abs(x) <= width / 2 && Math.abs(y) <= height / 2
  const places = Array.from({ length: count }, () => {
    for (;;) {
      const city = cities[random.below(8)]!
      const spread = [random.normal() * 60, random.normal() * 60]
      const place =
        random.next() < 0.5
          ? ([(random.next() - 0.5) * width, (random.next() - 0.5) * height] as const)
          : ([city[0] + spread[0]!, city[1] + spread[1]!] as const)
      if (inside(place)) return place
    }
  })
  const order = [...places.keys()]
  random.shuffle(order)
  const informants = new Float64Array(count).fill(1)
  const weights = order.map((_, rank) => 1 / (rank + 5))
  const sum = weights.reduce((all, weight) => all + weight, 0)
  for (let left = people - count; left > 0; left--) {
    let at = random.next() * sum
    let rank = 0
    while (rank < count - 1 && (at -= weights[rank]!) > 0) rank++
    informants[order[rank]!]! += 1
  }
  const signedKm = formOf(line?.form ?? 'straight', random.next() * 2 * Math.PI, (random.next() - 0.5) * 150)
  const users = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const [low, high] = line?.plateaus ?? [0.01, 0.99]
    const distance = signedKm(...places[i]!)
    const p = line
      ? low +
        (high - low) * (line.widthKm > 0 ? sigmoid((distance * 2 * Math.log(9)) / line.widthKm) : distance > 0 ? 1 : 0)
      : share
    const atSite = sigmoid(Math.log(p / (1 - p)) + siteEffectSd * random.normal())
    for (let m = 0; m < informants[i]!; m++) if (random.next() < atSite) users[i]! += 1
  }
  const onSphere = places.map(([x, y]) => toPlace(x, y))
  return {
    sites: {
      lat: Float64Array.from(onSphere, ({ lat }) => lat),
      lon: Float64Array.from(onSphere, ({ lon }) => lon),
      informants,
      users: [users, informants.map((m, i) => m - users[i]!)],
    },
    signedKm,
    toPlace,
    toPlane,
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** Signed distance from a line near the middle. */
function formOf(
  form: 'straight' | 'curved' | 'closed',
  angle: number,
  offsetKm: number,
): (x: number, y: number) => number {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  if (form === 'closed') return (x, y) => 230 - Math.hypot(x - offsetKm * cos, y - offsetKm * sin)
  if (form === 'straight') return (x, y) => x * cos + y * sin - offsetKm
  // An arc of a great circle of 600 km: its middle lies at the offset.
  return (x, y) => 600 - Math.hypot(x - (offsetKm - 600) * cos, y - (offsetKm - 600) * sin)
}

const middle = { lat: (40 * Math.PI) / 180, lon: (-95 * Math.PI) / 180 }

/** Azimuthal equidistant about the middle: within 600 km of it distances are true to two in a thousand. */
function toPlace(x: number, y: number): { lat: number; lon: number } {
  const c = Math.hypot(x, y) / earthRadiusKm
  if (c === 0) return { lat: 40, lon: -95 }
  const sinLat = Math.cos(c) * Math.sin(middle.lat) + ((y / earthRadiusKm) * Math.sin(c) * Math.cos(middle.lat)) / c
  const lat = Math.asin(sinLat)
  const lon =
    middle.lon +
    Math.atan2(
      (x / earthRadiusKm) * Math.sin(c),
      c * Math.cos(middle.lat) * Math.cos(c) - (y / earthRadiusKm) * Math.sin(middle.lat) * Math.sin(c),
    )
  const vector = Float64Array.of(Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat))
  const place = placesOf(vector)
  return { lat: place.lat[0]!, lon: place.lon[0]! }
}

function toPlane(latDegrees: number, lonDegrees: number): [number, number] {
  const [lat, lon] = [(latDegrees * Math.PI) / 180, (lonDegrees * Math.PI) / 180 - middle.lon]
  const c = Math.acos(
    Math.min(1, Math.sin(middle.lat) * Math.sin(lat) + Math.cos(middle.lat) * Math.cos(lat) * Math.cos(lon)),
  )
  const scale = c === 0 ? earthRadiusKm : (earthRadiusKm * c) / Math.sin(c)
  return [
    scale * Math.cos(lat) * Math.sin(lon),
    scale * (Math.cos(middle.lat) * Math.sin(lat) - Math.sin(middle.lat) * Math.cos(lat) * Math.cos(lon)),
  ]
}
