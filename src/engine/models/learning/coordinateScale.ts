import { z } from 'zod'
import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { Points } from '#engine/geo/points.ts'

/** An affine map between degrees and the unit square in which the coordinate head learns. */
export const coordinateScale = z.object({
  latOffset: z.number(),
  latSpan: z.number().positive(),
  lonOffset: z.number(),
  lonSpan: z.number().positive(),
  /** Longitudes are unwrapped to within 180 degrees of this one; null takes them as they are. */
  lonMiddle: z.number().nullable(),
})
export type CoordinateScale = z.infer<typeof coordinateScale>

/** Room around the training box: a sigmoid never reaches 0 or 1. */
const margin = 0.05

/**
 * - `paper`: (value + 180) / 360 for both axes (Fornaciari & Hovy 2019).
 * - `box`: each axis from the training points' minimum to their maximum.
 * - `local-km`: equirectangular kilometres round the training mean, both axes in one unit.
 */
export function fitCoordinateScale(train: Points, mode: AttentionCnnSettings['coordinates']): CoordinateScale {
  if (mode === 'paper') return { latOffset: -180, latSpan: 360, lonOffset: -180, lonSpan: 360, lonMiddle: null }
  const lonMiddle = meanLongitude(train)
  let south = Infinity
  let north = -Infinity
  let west = Infinity
  let east = -Infinity
  for (let i = 0; i < train.lat.length; i++) {
    const lat = train.lat[i]!
    const lon = unwrap(train.lon[i]!, lonMiddle)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
    west = Math.min(west, lon)
    east = Math.max(east, lon)
  }
  let latSpan = Math.max(north - south, 1e-3)
  let lonSpan = Math.max(east - west, 1e-3)
  if (mode === 'local-km') {
    const shrink = Math.max(0.01, Math.cos((((south + north) / 2) * Math.PI) / 180))
    const side = Math.max(latSpan, lonSpan * shrink)
    latSpan = side
    lonSpan = side / shrink
  }
  latSpan *= 1 + 2 * margin
  lonSpan *= 1 + 2 * margin
  return {
    latOffset: (south + north) / 2 - latSpan / 2,
    latSpan,
    lonOffset: (west + east) / 2 - lonSpan / 2,
    lonSpan,
    lonMiddle,
  }
}

/** Degrees -> unit square, [lat, lon] interleaved. */
export function toUnitSquare(scale: CoordinateScale, points: Points): Float32Array {
  const unit = new Float32Array(points.lat.length * 2)
  for (let i = 0; i < points.lat.length; i++) {
    const lon = scale.lonMiddle === null ? points.lon[i]! : unwrap(points.lon[i]!, scale.lonMiddle)
    unit[2 * i] = (points.lat[i]! - scale.latOffset) / scale.latSpan
    unit[2 * i + 1] = (lon - scale.lonOffset) / scale.lonSpan
  }
  return unit
}

/** Unit square, [lat, lon] interleaved -> degrees in -90..90 and -180..180. */
export function toDegrees(scale: CoordinateScale, unit: ArrayLike<number>): Points {
  const count = unit.length / 2
  const lat = new Float64Array(count)
  const lon = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    lat[i] = Math.max(-90, Math.min(90, unit[2 * i]! * scale.latSpan + scale.latOffset))
    lon[i] = unwrap(unit[2 * i + 1]! * scale.lonSpan + scale.lonOffset, 0)
  }
  return { lat, lon }
}

/** The longitude that differs from `lon` by whole turns and lies within 180 degrees of `middle`. */
function unwrap(lon: number, middle: number): number {
  return lon - 360 * Math.round((lon - middle) / 360)
}

/** By unit vectors, so that no longitude is special; degrees. */
export function meanLongitude({ lon }: Pick<Points, 'lon'>): number {
  let x = 0
  let y = 0
  for (const value of lon) {
    x += Math.cos((value * Math.PI) / 180)
    y += Math.sin((value * Math.PI) / 180)
  }
  return (Math.atan2(y, x) * 180) / Math.PI
}
