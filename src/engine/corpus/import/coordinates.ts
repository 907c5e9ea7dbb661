import type { Points } from '#engine/geo/points.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'

/** Characters that a coordinate may have with the spaces round it: far more than any has. */
const longestField = 256

/** A number of degrees as tables write it: a decimal point or comma, perhaps spaces or a degree sign; else null. */
export function parseDegrees(field: string): number | null {
  if (field.length > longestField) return null
  const text = field.trim().replace('−', '-').replace(/°$/, '').replace(',', '.')
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : null
}

const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power)

/**
 * The same for bytes. At most 15 digits with a point are exact as a quotient of two whole numbers (Clinger 1990), and need
 * no string.
 */
export function degreesOf(bytes: Buffer, start: number, end: number): number | null {
  // A character of UTF-8 has at most three bytes a UTF-16 unit.
  if (end - start > 3 * longestField) return null
  let at = start
  const negative = bytes[at] === 0x2d
  if (negative) at++
  let digits = 0
  let value = 0
  let point = -1
  for (; at < end; at++) {
    const byte = bytes[at]! - 0x30
    if (byte >= 0 && byte < 10) {
      value = 10 * value + byte
      digits++
    } else if (byte === -2 && point < 0) point = digits
    else break
  }
  if (at < end || digits === 0 || digits > 15) return parseDegrees(bytes.toString('utf8', start, end))
  const degrees = point < 0 ? value : value / powersOfTen[digits - point]!
  return negative ? -degrees : degrees
}

/** Why a pair of coordinates cannot be used; null where it can. */
export function coordinateProblem(lat: number | null, lon: number | null): { reason: string; explanation: string } | null {
  if (lat === null || lon === null || Number.isNaN(lat) || Number.isNaN(lon)) {
    return { reason: 'no-coordinates', explanation: 'Latitude or longitude is missing or no number.' }
  }
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) {
    const swapped = Math.abs(lat) <= 180 && Math.abs(lon) <= 90 ? ' They look swapped: the other way round they would be.' : ''
    return { reason: 'out-of-range', explanation: `Latitude ${lat} is not within 90 or longitude ${lon} not within 180 degrees.${swapped}` }
  }
  if (lat === 0 && lon === 0) {
    return { reason: 'null-island', explanation: 'Latitude and longitude are both 0, which stands for "unknown".' }
  }
  return null
}

/** How many points are looked at. */
const sampleSize = 300

/**
 * Whether latitude and longitude look swapped: as given the points lie far from any city of 15,000 inhabitants, the
 * other way round near one. Swapped coordinates are valid, so this only warns.
 */
export async function looksSwapped(points: Points): Promise<boolean> {
  const every = Math.max(1, Math.floor(points.lat.length / sampleSize))
  const lat = points.lat.filter((_, i) => i % every === 0)
  const lon = points.lon.filter((_, i) => i % every === 0)
  if (lat.length === 0 || lon.some((value) => Math.abs(value) > 90)) return false
  const given = await medianToCityKm({ lat, lon })
  return given > 30 && (await medianToCityKm({ lat: lon, lon: lat })) < given / 4
}

async function medianToCityKm(points: Points): Promise<number> {
  const gazetteer = await loadGazetteer(15_000)
  const cities = nearestCity(gazetteer, points)
  const distances = Float64Array.from(cities, (city, i) => haversineKm(points.lat[i]!, points.lon[i]!, gazetteer.lat[city]!, gazetteer.lon[city]!))
  return distances.sort()[distances.length >> 1]!
}

export const swappedWarning = (columns: { lat?: string | undefined; lon?: string | undefined }) =>
  `Latitude and longitude look swapped: as given, most points lie far from any city, the other way round they lie near one. If so, take the column "${columns.lon}" for the latitude and "${columns.lat}" for the longitude. Nothing was rejected for it.`
