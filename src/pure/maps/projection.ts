import { geoAzimuthalEqualArea, geoConicEqualArea, geoDistance, geoEqualEarth, type GeoProjection } from 'd3-geo'
import { earthRadiusKm } from '#pure/greatCircle.ts'
import { grow, robustExtent, type Extent } from './extent.ts'

export type ProjectionName = 'albers-usa' | 'lambert' | 'equal-earth'

/** An equal-area projection into a plane of kilometres, y downwards: areas on the map can be compared. */
export interface AtlasProjection {
  name: ProjectionName
  title: string
  /** d3's projection; `invert` gives lon,lat degrees. Land is clipped to `bounds`. */
  geo: GeoProjection
  /** Lon,lat degrees of the middle of the data. */
  centre: [number, number]
  /** The box that a first view shows. */
  extent: Extent
  /** The box beyond which there is nothing to see; panning stops here. */
  bounds: Extent
}

const radians = Math.PI / 180

/** Contiguous USA: west, south, east, north in degrees, with a little sea. */
const usa = { west: -125, south: 24, east: -66.5, north: 49.6 }
/** A region wider than this (angular radius in degrees) is drawn as a world map. */
const widestRegionDegrees = 50
/** A corpus from the USA that is narrower than this gets a projection of its own. */
const usaLeastDegrees = 9
const sampleLimit = 20_000
/** The whole of an Equal Earth map. */
const sphere: Extent = { minX: -17_300, minY: -8_450, maxX: 17_300, maxY: 8_450 }

function inUsa(lon: number, lat: number): boolean {
  return lon >= usa.west && lon <= usa.east && lat >= usa.south && lat <= usa.north
}

/** What decides: the share in the USA, the mean place, and the angular radius round it that holds 99% of the points. */
function survey(lonLat: Float32Array) {
  const count = lonLat.length >> 1
  const stride = Math.max(1, Math.floor(count / sampleLimit))
  let x = 0
  let y = 0
  let z = 0
  let usable = 0
  let american = 0
  for (let i = 0; i < count; i += stride) {
    const lon = lonLat[2 * i]!
    const lat = lonLat[2 * i + 1]!
    if (!Number.isFinite(lon) || !Number.isFinite(lat)) continue
    usable++
    if (inUsa(lon, lat)) american++
    const cos = Math.cos(lat * radians)
    x += cos * Math.cos(lon * radians)
    y += cos * Math.sin(lon * radians)
    z += Math.sin(lat * radians)
  }
  const centre: [number, number] = [Math.atan2(y, x) / radians, Math.atan2(z, Math.hypot(x, y)) / radians]
  const distances: number[] = []
  for (let i = 0; i < count; i += stride) {
    const place: [number, number] = [lonLat[2 * i]!, lonLat[2 * i + 1]!]
    if (Number.isFinite(place[0]) && Number.isFinite(place[1])) distances.push(geoDistance(centre, place) / radians)
  }
  distances.sort((a, b) => a - b)
  const radiusDegrees = distances[Math.floor((distances.length - 1) * 0.99)] ?? 180
  return { usable, americanShare: usable === 0 ? 0 : american / usable, centre, radiusDegrees }
}

/**
 * Chooses and fits the projection for a set of places: Albers' equal-area conic for the contiguous USA,
 * Lambert's azimuthal equal-area round the data for a region, Equal Earth for the world and for no data.
 * @param lonLat degrees, interleaved
 */
export function chooseProjection(lonLat: Float32Array): AtlasProjection {
  const { usable, americanShare, centre, radiusDegrees } = survey(lonLat)
  if (usable === 0 || (radiusDegrees > widestRegionDegrees && americanShare < 0.99)) {
    return fit('equal-earth', 'Equal Earth projection', geoEqualEarth(), [0, 0], lonLat)
  }
  if (americanShare >= 0.99 && radiusDegrees > usaLeastDegrees) {
    const conic = geoConicEqualArea().parallels([29.5, 45.5]).rotate([96, 0]).center([0, 38])
    return fit('albers-usa', 'Albers equal-area conic projection', conic, [-96, 38], lonLat)
  }
  // Rounded, so that two label sets of one corpus get the same plane.
  const middle: [number, number] = [Math.round(centre[0] * 10) / 10, Math.round(centre[1] * 10) / 10]
  const azimuthal = geoAzimuthalEqualArea().rotate([-middle[0], -middle[1]]).clipAngle(90)
  return fit('lambert', 'Lambert azimuthal equal-area projection', azimuthal, middle, lonLat)
}

function fit(
  name: ProjectionName,
  title: string,
  geo: GeoProjection,
  centre: [number, number],
  lonLat: Float32Array,
): AtlasProjection {
  geo.scale(earthRadiusKm).translate([0, 0])
  const world = name === 'equal-earth'
  const found = robustExtent(projectLonLat(geo, sample(lonLat)))
  const wide = found === null || (world && found.maxX - found.minX > sphere.maxX)
  const extent = wide ? sphere : grow(found, 0.03, 20)
  // A frame four times as wide as high is filled with land.
  const bounds = world ? sphere : grow(extent, 1.5)
  const side = Math.max(extent.maxX - extent.minX, extent.maxY - extent.minY)
  // d3 bends long edges until they are off by about this; the default of 0.7 km is finer than a world map shows.
  geo.precision(Math.max(0.2, side / 4000))
  if (!world) {
    geo.clipExtent([
      [bounds.minX, bounds.minY],
      [bounds.maxX, bounds.maxY],
    ])
  }
  return { name, title, geo, centre, extent, bounds }
}

/** Every so-manieth place: a first view needs no more, and projecting half a million would be felt. */
function sample(lonLat: Float32Array): Float32Array {
  const stride = Math.ceil(lonLat.length / 2 / sampleLimit)
  if (stride <= 1) return lonLat
  return Float32Array.from(
    { length: 2 * Math.floor(lonLat.length / 2 / stride) },
    (_, i) => lonLat[2 * stride * (i >> 1) + (i & 1)]!,
  )
}

/**
 * Planar kilometres of each place; NaN where the projection does not show it.
 * @param lonLat degrees, interleaved
 */
export function projectLonLat(geo: GeoProjection, lonLat: Float32Array | Float64Array): Float32Array {
  const xy = new Float32Array(lonLat.length)
  for (let i = 0; i + 1 < lonLat.length; i += 2) {
    const place = geo([lonLat[i]!, lonLat[i + 1]!])
    xy[i] = place ? place[0] : Number.NaN
    xy[i + 1] = place ? place[1] : Number.NaN
  }
  return xy
}

/** Kilometres on the ground of one planar kilometre along x at a point of the plane; 1 where it cannot be told. */
export function groundScale(geo: GeoProjection, x: number, y: number, spanKm: number): number {
  const from = geo.invert?.([x - spanKm / 2, y])
  const to = geo.invert?.([x + spanKm / 2, y])
  if (!from || !to) return 1
  const scale = (geoDistance(from, to) * earthRadiusKm) / spanKm
  return Number.isFinite(scale) && scale > 0 ? scale : 1
}
