import { geoEquirectangular, type GeoStream } from 'd3-geo'
import type { MapBox } from './mapBoxes.ts'
import { latitudeOf, longitudeOf } from './unitVectors.ts'

/** A line or an open ring: lon,lat degrees interleaved. */
export type FlatLine = number[]

/** How far a drawn side may stray from the great circle, in degrees. */
const precisionDegrees = 0.005

/** The great-circle sides through unit vectors (x,y,z interleaved) as lines in degrees, cut at the box's edges. */
export function flatLines(vectors: number[], box: MapBox): FlatLine[] {
  return flatten(box, (stream) => {
    stream.lineStart()
    for (let k = 0; k < vectors.length; k += 3) sendPoint(stream, vectors, k)
    stream.lineEnd()
  })
}

/**
 * A convex spherical polygon (unit vectors, counterclockwise) as rings in degrees: what of it lies in the box, each
 * ring counterclockwise, the first vertex not repeated. Round a pole and over the antimeridian too.
 */
export function flatRings(vectors: number[], box: MapBox): FlatLine[] {
  const rings = flatten(box, (stream) => {
    stream.polygonStart()
    stream.lineStart()
    // d3 has the inside of a ring on its right.
    for (let k = vectors.length - 3; k >= 0; k -= 3) sendPoint(stream, vectors, k)
    sendPoint(stream, vectors, vectors.length - 3)
    stream.lineEnd()
    stream.polygonEnd()
  })
  return rings.filter((ring) => ring.length >= 6).map((ring) => (signedArea(ring) < 0 ? reversed(ring) : ring))
}

/** Twice the area of a ring in the plane; positive where it runs counterclockwise. */
export function signedArea(ring: FlatLine): number {
  let area = 0
  for (let k = 0; k < ring.length; k += 2) {
    const next = (k + 2) % ring.length
    area += ring[k]! * ring[next + 1]! - ring[next]! * ring[k + 1]!
  }
  return area
}

function reversed(ring: FlatLine): FlatLine {
  const turned: number[] = []
  for (let k = ring.length - 2; k >= 0; k -= 2) turned.push(ring[k]!, ring[k + 1]!)
  return turned
}

function sendPoint(stream: GeoStream, vectors: number[], k: number): void {
  const [x, y, z] = [vectors[k]!, vectors[k + 1]!, vectors[k + 2]!]
  stream.point(longitudeOf(x, y), latitudeOf(x, y, z))
}

/** d3's plate carrée in degrees: it samples sides, cuts them at the antimeridian and clips them to the box. */
function flatten(box: MapBox, send: (stream: GeoStream) => void): FlatLine[] {
  const lines: FlatLine[] = []
  const projection = geoEquirectangular()
    .scale(180 / Math.PI)
    .translate([0, 0])
    .precision(precisionDegrees)
    // Its y axis points down.
    .clipExtent([
      [box.west, -box.north],
      [box.east, -box.south],
    ])
  send(
    projection.stream({
      point: (x, y) => void lines[lines.length - 1]!.push(x, -y),
      lineStart: () => void lines.push([]),
      lineEnd: () => undefined,
      polygonStart: () => undefined,
      polygonEnd: () => undefined,
    }),
  )
  return lines.filter((line) => line.length >= 4)
}
