import { earthRadiusKm } from '#pure/greatCircle.ts'

const kmADegree = (Math.PI / 180) * earthRadiusKm

/** Degrees to a multiple of so many kilometres along a great circle. */
export function roundDegrees(degrees: number, km: number): number {
  const step = km / kmADegree
  return Math.round(degrees / step) * step
}

export const roundLat = (lat: number, km: number) => Math.max(-90, Math.min(90, roundDegrees(lat, km)))

/** A longitude to a multiple of about as many kilometres along the rounded parallel. */
export function roundLon(lon: number, lat: number, km: number): number {
  const step = km / (kmADegree * Math.max(0.01, Math.cos((roundLat(lat, km) * Math.PI) / 180)))
  return Math.max(-180, Math.min(180, Math.round(lon / step) * step))
}

/** The same two in SQL, of expressions for latitude and longitude in degrees. */
export function roundedSql(lat: string, lon: string, km: number): { lat: string; lon: string } {
  const step = km / kmADegree
  const rounded = `greatest(-90, least(90, round(${lat} / ${step}) * ${step}))`
  const width = `(${step} / greatest(0.01, cos(radians(${rounded}))))`
  return { lat: rounded, lon: `greatest(-180, least(180, round(${lon} / ${width}) * ${width}))` }
}

/** Great-circle kilometres in SQL, as `haversineKm`. */
export const haversineSql = (lat: string, lon: string, otherLat: string, otherLon: string) =>
  `${2 * earthRadiusKm} * asin(least(1, sqrt(pow(sin(radians(${otherLat} - ${lat}) / 2), 2) + cos(radians(${lat})) * cos(radians(${otherLat})) * pow(sin(radians(${otherLon} - ${lon}) / 2), 2))))`
