import type { Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'

/** Edges of polygons by bands of latitude, so that a place looks at those that its parallel may cross. */
interface Edges {
  /** lonA, latA, lonB, latB of each edge of the band. */
  bands: Float64Array[]
}

const bandsADegree = 4
const bandCount = 180 * bandsADegree
let loaded: Promise<Edges> | null = null

/** Tells of places whether they are on land (Natural Earth at 1:50m, lakes count as land). Read once a process. */
export async function landTest(): Promise<(lat: number, lon: number) => boolean> {
  loaded ??= import('world-atlas/land-50m.json').then(({ default: topology }) =>
    edgesOf(topology as unknown as Topology<{ land: GeometryCollection }>),
  )
  const { bands } = await loaded
  return (lat, lon) => {
    let inside = false
    const edges = bands[bandOf(lat)]!
    for (let at = 0; at < edges.length; at += 4) {
      const latA = edges[at + 1]!
      const latB = edges[at + 3]!
      // A crossing to the east, by the rule of even and odd; the lower end of an edge belongs to it.
      if (
        latA > lat !== latB > lat &&
        lon < edges[at]! + ((lat - latA) / (latB - latA)) * (edges[at + 2]! - edges[at]!)
      )
        inside = !inside
    }
    return inside
  }
}

const bandOf = (lat: number) => Math.min(bandCount - 1, Math.max(0, Math.floor((lat + 90) * bandsADegree)))

function edgesOf(topology: Topology<{ land: GeometryCollection }>): Edges {
  const bands: number[][] = Array.from({ length: bandCount }, () => [])
  const collection = feature(topology, topology.objects.land)
  for (const { geometry } of collection.features) {
    const polygons =
      geometry.type === 'MultiPolygon'
        ? geometry.coordinates
        : geometry.type === 'Polygon'
          ? [geometry.coordinates]
          : []
    for (const ring of polygons.flat()) for (const unrolled of withinDegrees(unroll(ring))) addRing(bands, unrolled)
  }
  return { bands: bands.map((edges) => Float64Array.from(edges)) }
}

/**
 * The atlas runs across the antimeridian from 180 to -180: here longitudes go on. A ring that goes round a pole is closed over it.
 */
function unroll(ring: Position[]): Position[] {
  let turns = 0
  const unrolled = ring.map(([lon, lat], k): Position => {
    const step = k > 0 ? lon! - ring[k - 1]![0]! : 0
    if (Math.abs(step) > 180) turns -= Math.sign(step)
    return [lon! + 360 * turns, lat!]
  })
  if (turns === 0) return unrolled
  const pole = 90 * Math.sign(unrolled[0]![1]!)
  return [...unrolled, [unrolled.at(-1)![0]!, pole], [unrolled[0]![0]!, pole], unrolled[0]!]
}

/** The ring, and again a turn to the east or west where that lies within -180 to 180 as well. */
function withinDegrees(ring: Position[]): Position[][] {
  const shifted = [-360, 0, 360].map((turn) => ring.map(([lon, lat]): Position => [lon! + turn, lat!]))
  return shifted.filter((copy) => copy.some(([lon]) => lon! > -180) && copy.some(([lon]) => lon! < 180))
}

function addRing(bands: number[][], ring: Position[]): void {
  for (let k = 1; k < ring.length; k++) {
    const [a, b] = [ring[k - 1]!, ring[k]!]
    for (let band = bandOf(Math.min(a[1]!, b[1]!)); band <= bandOf(Math.max(a[1]!, b[1]!)); band++)
      bands[band]!.push(a[0]!, a[1]!, b[0]!, b[1]!)
  }
}
