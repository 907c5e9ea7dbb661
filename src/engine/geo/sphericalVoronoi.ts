import { arcMillimetres } from './arcMillimetres.ts'
import { earthRadiusKm } from '#pure/greatCircle.ts'
import { SphereIndex } from './sphereIndex.ts'

/** A convex spherical polygon, counterclockwise seen from outside; empty where another site lies on the same place. */
export interface VoronoiCell {
  /** Unit vectors, x,y,z interleaved; sides are at most a right angle long. */
  vertices: number[]
  /** The site beyond the side that leads from each vertex to the next. */
  neighbours: number[]
}

type Vector = readonly [number, number, number]

const wholeGlobeKm = Math.PI * earthRadiusKm + 1

/**
 * The places nearer to each site than to any other: great-circle Voronoi cells. Each is a hemisphere cut by the
 * planes between the site and the others, nearest first, until the rest are too far to cut it: a site can only do so
 * from less than twice the distance of the cell's farthest corner (the radius of security of Rycroft 2009, Voro++).
 * @param sites unit vectors of two sites or more, x,y,z interleaved
 */
export function sphericalVoronoi(sites: Float64Array): VoronoiCell[] {
  const index = SphereIndex.build(sites)
  const nearest = new Int32Array(index.size)
  index.nearestOthers(Infinity, nearest)
  return Array.from(nearest, (neighbour, site) => cellOf(site, neighbour, sites, index))
}

function cellOf(site: number, nearest: number, sites: Float64Array, index: SphereIndex): VoronoiCell {
  const centre = vectorAt(sites, site)
  let cell: VoronoiCell | null = null
  let done = 0
  let radiusKm = Math.max(1e-3, (4 * arcMillimetres(...centre, ...vectorAt(sites, nearest))) / 1e6)
  for (;;) {
    const millimetresTo = new Map<number, number>()
    for (const other of index.within(...centre, radiusKm)) {
      const distance = arcMillimetres(...centre, ...vectorAt(sites, other))
      if (other !== site && distance >= done) millimetresTo.set(other, distance)
    }
    for (const [other, distance] of [...millimetresTo].sort((a, b) => a[1] - b[1])) {
      // Sites on one place: ties go to the lower, so the others have nothing.
      if (distance === 0 && other < site) return { vertices: [], neighbours: [] }
      if (distance === 0) continue
      const plane = planeBetween(centre, vectorAt(sites, other))
      cell = cell === null ? hemisphere(plane, other) : cut(cell, plane, other)
    }
    if (radiusKm >= wholeGlobeKm) return cell ?? { vertices: [], neighbours: [] }
    const farthest = cell === null ? Math.PI : farthestCorner(cell, centre)
    // Only a cap smaller than a hemisphere surely holds the sides between corners that it holds.
    const secureKm = farthest < Math.PI / 4 ? 2 * farthest * earthRadiusKm : wholeGlobeKm
    if (secureKm < radiusKm) return cell ?? { vertices: [], neighbours: [] }
    done = Math.round(radiusKm * 1e6)
    radiusKm = Math.min(2 * radiusKm, wholeGlobeKm)
  }
}

/** Half of the globe: the side of `plane` to which it points. */
function hemisphere(plane: Vector, neighbour: number): VoronoiCell {
  const smallest = Math.min(...plane.map(Math.abs))
  const axis = plane.findIndex((value) => Math.abs(value) === smallest)
  const u = unit(cross(plane, [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0]))
  const v = cross(plane, u)
  return {
    vertices: [...u, ...v, -u[0], -u[1], -u[2], -v[0], -v[1], -v[2]],
    neighbours: [neighbour, neighbour, neighbour, neighbour],
  }
}

/** What of a cell lies on the side of `plane` to which it points (Sutherland and Hodgman 1974, on the sphere). */
function cut(cell: VoronoiCell, plane: Vector, neighbour: number): VoronoiCell {
  const count = cell.neighbours.length
  const sides = Array.from({ length: count }, (_, k) => dot(vectorAt(cell.vertices, k), plane))
  // Corners where four cells meet lie on the plane but for rounding: those stay.
  const inside = sides.map((side) => side > -1e-14)
  if (inside.every(Boolean)) return cell
  const kept: VoronoiCell = { vertices: [], neighbours: [] }
  const push = (vertex: Vector, beyond: number) => {
    kept.vertices.push(...vertex)
    kept.neighbours.push(beyond)
  }
  for (let k = 0; k < count; k++) {
    const next = (k + 1) % count
    const from = vectorAt(cell.vertices, k)
    if (inside[k]) push(from, cell.neighbours[k]!)
    if (inside[k] === inside[next]) continue
    const crossing = between(from, vectorAt(cell.vertices, next), Math.abs(sides[next]!), Math.abs(sides[k]!))
    push(crossing, inside[k] ? neighbour : cell.neighbours[k]!)
  }
  return withShortSides(kept, plane, neighbour)
}

/** Halves the side along `plane` where it is longer than a right angle: half a circle would have no one way to go. */
function withShortSides(cell: VoronoiCell, plane: Vector, neighbour: number): VoronoiCell {
  const k = cell.neighbours.indexOf(neighbour)
  if (k < 0) return cell
  const from = vectorAt(cell.vertices, k)
  const to = vectorAt(cell.vertices, (k + 1) % cell.neighbours.length)
  // The inside is on the left, so the side sets out at a right angle to the plane's own direction.
  const ahead = cross(plane, from)
  const angle = Math.atan2(dot(to, ahead), dot(to, from))
  const turn = angle < -Math.PI / 2 ? angle + 2 * Math.PI : angle
  if (turn <= Math.PI / 2) return cell
  cell.vertices.splice(3 * (k + 1), 0, ...between(from, ahead, Math.cos(turn / 2), Math.sin(turn / 2)))
  cell.neighbours.splice(k + 1, 0, neighbour)
  return cell
}

function farthestCorner(cell: VoronoiCell, centre: Vector): number {
  let farthest = 0
  for (let k = 0; k < cell.neighbours.length; k++) {
    const corner = vectorAt(cell.vertices, k)
    farthest = Math.max(farthest, Math.atan2(Math.hypot(...cross(centre, corner)), dot(centre, corner)))
  }
  return farthest
}

function planeBetween(a: Vector, b: Vector): Vector {
  return unit([a[0] - b[0], a[1] - b[1], a[2] - b[2]])
}

function between(a: Vector, b: Vector, shareOfA: number, shareOfB: number): Vector {
  return unit([a[0] * shareOfA + b[0] * shareOfB, a[1] * shareOfA + b[1] * shareOfB, a[2] * shareOfA + b[2] * shareOfB])
}

function vectorAt(values: ArrayLike<number>, i: number): Vector {
  return [values[3 * i]!, values[3 * i + 1]!, values[3 * i + 2]!]
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector)
  return [vector[0] / length, vector[1] / length, vector[2] / length]
}
