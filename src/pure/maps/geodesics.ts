import { geoInterpolate, type GeoProjection } from 'd3-geo'
import { haversineKm } from '../greatCircle.ts'

/** Geodesic lines as the short straight pieces that a line list draws. */
export interface Geodesics {
  /** x1, y1, x2, y2 of each piece, planar km. */
  segments: Float32Array
  /** Pieces of line k: starts[k] .. starts[k + 1]. */
  starts: Uint32Array
}

/** A piece for each so many km: at continental scale the bend of a great circle is smooth, and short errors stay one piece. */
const pieceKm = 150
const mostPieces = 48

/**
 * Great circles from places to places, sampled and projected. A piece that jumps across the cut of a
 * projection (the antimeridian on a world map) is left out, as is one whose ends are not on the map.
 * @param from lon,lat degrees, interleaved
 * @param to lon,lat degrees, interleaved
 * @param order which pairs to draw, in drawing order
 */
export function geodesics(
  geo: GeoProjection,
  from: Float32Array,
  to: Float32Array,
  order: ArrayLike<number>,
): Geodesics {
  const starts = new Uint32Array(order.length + 1)
  const segments: number[] = []
  for (let k = 0; k < order.length; k++) {
    starts[k] = segments.length / 4
    const i = order[k]!
    appendLine(geo, [from[2 * i]!, from[2 * i + 1]!], [to[2 * i]!, to[2 * i + 1]!], segments)
  }
  starts[order.length] = segments.length / 4
  return { segments: Float32Array.from(segments), starts }
}

function appendLine(geo: GeoProjection, a: [number, number], b: [number, number], segments: number[]): void {
  const lengthKm = haversineKm(a[1], a[0], b[1], b[0])
  if (!(lengthKm > 0)) return
  const pieces = Math.min(mostPieces, Math.max(1, Math.ceil(lengthKm / pieceKm)))
  // Equal-area maps stretch at their edges, by less than this within one piece; only a cut jumps further.
  const jumpKm = Math.max(40, (lengthKm / pieces) * 6)
  const between = geoInterpolate(a, b)
  let last = geo(a)
  for (let k = 1; k <= pieces; k++) {
    const next = geo(k === pieces ? b : between(k / pieces))
    if (last && next && Math.hypot(next[0] - last[0], next[1] - last[1]) <= jumpKm) {
      segments.push(last[0], last[1], next[0], next[1])
    }
    last = next
  }
}

/** The line nearest to a point of the plane, or -1 when none passes within `radiusKm`. Later lines lie on top and win ties. */
export function nearestLine(lines: Geodesics, x: number, y: number, radiusKm: number): number {
  let best = radiusKm * radiusKm
  let found = -1
  const { segments, starts } = lines
  for (let k = 0; k + 1 < starts.length; k++) {
    for (let s = starts[k]!; s < starts[k + 1]!; s++) {
      const squared = squaredDistance(segments, 4 * s, x, y)
      if (squared <= best) {
        best = squared
        found = k
      }
    }
  }
  return found
}

function squaredDistance(segments: Float32Array, at: number, x: number, y: number): number {
  const x1 = segments[at]!
  const y1 = segments[at + 1]!
  const dx = segments[at + 2]! - x1
  const dy = segments[at + 3]! - y1
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length))
  const offX = x - x1 - t * dx
  const offY = y - y1 - t * dy
  return offX * offX + offY * offY
}
