import type { Points } from './points.ts'

const radians = Math.PI / 180

/** Places as unit vectors, x,y,z interleaved (3 x n): x points to 0°N 0°E, y to 0°N 90°E, z to the north pole. */
export function unitVectors(points: Points): Float64Array {
  const vectors = new Float64Array(points.lat.length * 3)
  for (let i = 0; i < points.lat.length; i++) {
    const lat = points.lat[i]! * radians
    const lon = points.lon[i]! * radians
    const cosLat = Math.cos(lat)
    vectors[3 * i] = cosLat * Math.cos(lon)
    vectors[3 * i + 1] = cosLat * Math.sin(lon)
    vectors[3 * i + 2] = Math.sin(lat)
  }
  return vectors
}

/** Latitude in degrees of a vector of any length but zero. */
export function latitudeOf(x: number, y: number, z: number): number {
  return Math.atan2(z, Math.hypot(x, y)) / radians
}

/** Longitude in degrees, -180 to 180, of a vector; 0 at the poles. */
export function longitudeOf(x: number, y: number): number {
  return Math.atan2(y, x) / radians
}

/** The places of vectors, x,y,z interleaved. */
export function placesOf(vectors: Float64Array): Points {
  const count = vectors.length / 3
  const points: Points = { lat: new Float64Array(count), lon: new Float64Array(count) }
  for (let i = 0; i < count; i++) {
    const x = vectors[3 * i]!
    const y = vectors[3 * i + 1]!
    points.lat[i] = latitudeOf(x, y, vectors[3 * i + 2]!)
    points.lon[i] = longitudeOf(x, y)
  }
  return points
}
