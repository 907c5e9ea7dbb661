import type { Points } from './points.ts'

/** Degrees; west < east, -180 to 180. */
export interface MapBox {
  west: number
  south: number
  east: number
  north: number
}

const leastPadding = 0.5

/**
 * The smallest box of latitude and longitude that holds all points, padded by a twentieth of its longer side (at
 * least half a degree): two boxes where it crosses the antimeridian, none where there are no points.
 */
export function mapBoxes({ lat, lon }: Points): MapBox[] {
  if (lat.length === 0) return []
  const [first, width] = longitudeRange(lon)
  let lowest = Infinity
  let highest = -Infinity
  for (const value of lat) {
    lowest = Math.min(lowest, value)
    highest = Math.max(highest, value)
  }
  const padding = Math.max(leastPadding, Math.max(width, highest - lowest) / 20)
  const south = Math.max(-90, lowest - padding)
  const north = Math.min(90, highest + padding)
  if (width + 2 * padding >= 360) return [{ west: -180, south, east: 180, north }]
  const west = first - padding < -180 ? first - padding + 360 : first - padding
  const east = west + width + 2 * padding
  if (east <= 180) return [{ west, south, east, north }]
  return [
    { west: -180, south, east: east - 360, north },
    { west, south, east: 180, north },
  ].filter((box) => box.west < box.east)
}

/** The shortest range of longitudes that holds all: where it begins and how wide it is. */
function longitudeRange(lon: Float64Array): [west: number, width: number] {
  const sorted = lon.slice().sort()
  let west = sorted[0]!
  let gap = west + 360 - sorted[sorted.length - 1]!
  for (let i = 1; i < sorted.length; i++) {
    const between = sorted[i]! - sorted[i - 1]!
    if (between > gap) {
      gap = between
      west = sorted[i]!
    }
  }
  return [west, 360 - gap]
}
