import { z } from 'zod'
import type { Points } from '#engine/geo/points.ts'
import { earthRadiusKm } from '#pure/greatCircle.ts'

const kmPerDegree = (earthRadiusKm * Math.PI) / 180

/** The plane in which the Gaussians lie: equirectangular round a place, in units in which a Gaussian is about 1 wide. */
export const densityPlane = z.object({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  unitKm: z.number().positive(),
})
export type DensityPlane = z.infer<typeof densityPlane>

/** Units of the plane to a degree of latitude, and of longitude. */
export function unitsPerDegree({ lat, unitKm }: DensityPlane): { lat: number; lon: number } {
  const units = kmPerDegree / unitKm
  // Near a pole a plane of degrees would be a line.
  return { lat: units, lon: units * Math.max(0.01, Math.cos((lat * Math.PI) / 180)) }
}

/** x to the east and y to the north, side by side. */
export function toPlane(plane: DensityPlane, { lat, lon }: Points): Float64Array {
  const units = unitsPerDegree(plane)
  const flat = new Float64Array(2 * lat.length)
  for (let i = 0; i < lat.length; i++) {
    const east = lon[i]! - plane.lon
    flat[2 * i] = (east - 360 * Math.round(east / 360)) * units.lon
    flat[2 * i + 1] = (lat[i]! - plane.lat) * units.lat
  }
  return flat
}

/** Degrees in -90..90 and -180..180. */
export function toPlaces(plane: DensityPlane, flat: ArrayLike<number>): Points {
  const units = unitsPerDegree(plane)
  const count = flat.length / 2
  const places: Points = { lat: new Float64Array(count), lon: new Float64Array(count) }
  for (let i = 0; i < count; i++) {
    const lon = plane.lon + flat[2 * i]! / units.lon
    places.lon[i] = lon - 360 * Math.round(lon / 360)
    places.lat[i] = Math.max(-90, Math.min(90, plane.lat + flat[2 * i + 1]! / units.lat))
  }
  return places
}
