import type { Position } from 'geojson'
import polygonClipping, { type MultiPolygon } from 'polygon-clipping'
import { EngineError } from '#protocol/errors.ts'
import { areaFinder } from '../areaFinder.ts'

/**
 * Polygons as far as they lie in some areas: Martinez, Rueda and Feito 2009 by polygon-clipping, in lon,lat degrees with straight
 * edges. Areas may overlap; none may cross the antimeridian (RFC 7946 cuts them there).
 * @throws EngineError 'boundaries/cannot-clip'
 */
export function clipPolygons(shape: Position[][][], areas: Position[][][]): Position[][][] {
  if (shape.length === 0 || areas.length === 0) return []
  try {
    return polygonClipping.intersection(shape as MultiPolygon, areas as MultiPolygon)
  } catch (cause) {
    throw new EngineError(
      'boundaries/cannot-clip',
      `The areas cannot be cut with: ${cause instanceof Error ? cause.message : String(cause)} Mend or simplify them, for example with mapshaper.`,
      {},
      { cause },
    )
  }
}

/** Lines as far as they run in some areas, in as many pieces as that makes; ends lie on the areas' borders. */
export function clipLines(lines: Position[][], areas: Position[][][]): Position[][] {
  const find = areaFinder([areas])
  const edges = edgesNear(lines, areas)
  const pieces: Position[][] = []
  for (const line of lines) {
    let piece: Position[] | null = null
    for (let k = 1; k < line.length; k++) {
      const [a, b] = [line[k - 1]!, line[k]!]
      const cuts = [0, ...cutsOf(a, b, edges), 1]
      for (let c = 1; c < cuts.length; c++) {
        const middle = between(a, b, (cuts[c - 1]! + cuts[c]!) / 2)
        if (find(middle[1]!, middle[0]!) < 0) {
          piece = null
          continue
        }
        if (piece === null) pieces.push((piece = [between(a, b, cuts[c - 1]!)]))
        piece.push(between(a, b, cuts[c]!))
      }
    }
  }
  return pieces
}

const between = ([x, y]: Position, [u, v]: Position, part: number): Position => [
  x! + part * (u! - x!),
  y! + part * (v! - y!),
]

/** lonA, latA, lonB, latB of each edge in the box about the lines. */
function edgesNear(lines: Position[][], areas: Position[][][]): Float64Array {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon, lat] of lines.flat()) {
    ;[west, east] = [Math.min(west, lon!), Math.max(east, lon!)]
    ;[south, north] = [Math.min(south, lat!), Math.max(north, lat!)]
  }
  const edges: number[] = []
  for (const ring of areas.flat())
    for (let k = 1; k < ring.length; k++) {
      const [[ax, ay], [bx, by]] = [ring[k - 1] as [number, number], ring[k] as [number, number]]
      const apart = Math.max(ax, bx) < west || Math.min(ax, bx) > east || Math.max(ay, by) < south || Math.min(ay, by) > north // prettier-ignore
      if (!apart) edges.push(ax, ay, bx, by)
    }
  return Float64Array.from(edges)
}

/** Where between a (0) and b (1) edges are crossed, ascending. */
function cutsOf([ax, ay]: Position, [bx, by]: Position, edges: Float64Array): number[] {
  const [dx, dy] = [bx! - ax!, by! - ay!]
  const cuts: number[] = []
  for (let at = 0; at < edges.length; at += 4) {
    const [x, y] = [edges[at]!, edges[at + 1]!]
    const [ex, ey] = [edges[at + 2]! - x, edges[at + 3]! - y]
    const across = dx * ey - dy * ex
    if (across === 0) continue
    const part = ((x - ax!) * ey - (y - ay!) * ex) / across
    const along = ((x - ax!) * dy - (y - ay!) * dx) / across
    if (part > 0 && part < 1 && along >= 0 && along <= 1) cuts.push(part)
  }
  return cuts.sort((a, b) => a - b)
}
