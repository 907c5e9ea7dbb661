import { geoAzimuthalEqualAreaRaw, geoEqualEarthRaw, geoRotation } from 'd3-geo'
import { earthRadiusKm } from '#pure/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import { placesOf, unitVectors } from '#engine/geo/unitVectors.ts'

/** A plane in which areas are true; x to the east and y to the north, in km. */
export interface EqualAreaPlane {
  toPlane(lat: number, lon: number): [xKm: number, yKm: number]
  toPlace(xKm: number, yKm: number): { lat: number; lon: number }
}

const radians = Math.PI / 180
/** Beyond this angle from its middle Lambert's projection bends shapes to bananas. */
const widest = 75 * radians

/**
 * Lambert's azimuthal equal-area projection about the middle of some places; where they lie all over the world, the Equal
 * Earth projection (Šavrič, Patterson & Jenny 2018) about their mean longitude.
 */
export function equalAreaPlane(places: Points): EqualAreaPlane {
  const vectors = unitVectors(places)
  const sum = new Float64Array(3)
  vectors.forEach((value, at) => (sum[at % 3]! += value))
  const length = Math.hypot(...sum)
  const middle = placesOf(length > 0 ? sum : Float64Array.of(1, 0, 0))
  const [lat, lon] = [middle.lat[0]!, middle.lon[0]!]
  let farthest = 0
  for (let at = 0; at < vectors.length; at += 3) {
    const cosine = (vectors[at]! * sum[0]! + vectors[at + 1]! * sum[1]! + vectors[at + 2]! * sum[2]!) / (length || 1)
    farthest = Math.max(farthest, Math.acos(Math.max(-1, Math.min(1, cosine))))
  }
  return farthest <= widest ? planeOf(geoAzimuthalEqualAreaRaw, lon, lat) : planeOf(geoEqualEarthRaw, lon, 0)
}

function planeOf(raw: typeof geoAzimuthalEqualAreaRaw, lon: number, lat: number): EqualAreaPlane {
  const rotation = geoRotation([-lon, -lat])
  return {
    toPlane(latitude, longitude) {
      const [l, p] = rotation([longitude, latitude])
      const [x, y] = raw(l * radians, p * radians)
      return [x * earthRadiusKm, y * earthRadiusKm]
    },
    toPlace(xKm, yKm) {
      const [l, p] = raw.invert!(xKm / earthRadiusKm, yKm / earthRadiusKm)
      const [longitude, latitude] = rotation.invert([l / radians, p / radians])
      return { lat: latitude, lon: longitude }
    },
  }
}
