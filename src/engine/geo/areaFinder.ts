import type { Position } from 'geojson'

/** The area that holds a place, or -1; of several that overlap the first. */
export type AreaFinder = (lat: number, lon: number) => number

const bandsADegree = 4
const bandCount = 180 * bandsADegree

/** Edges by bands of latitude, so that a place looks at those alone that its parallel may cross. */
interface Band {
  /** lonA, latA, lonB, latB of each edge. */
  edges: Float64Array
  areas: Int32Array
}

/**
 * Finds places in areas of polygons by the rule of even and odd, so that rings may run either way; straight edges in degrees,
 * as RFC 7946 has them. Rings may cross the antimeridian, in longitudes that go on or that jump, or go round a pole.
 * @param areas for each area its polygons of closed rings, lon,lat degrees
 */
export function areaFinder(areas: Position[][][][]): AreaFinder {
  const bands = Array.from({ length: bandCount }, () => ({ edges: [] as number[], areas: [] as number[] }))
  areas.forEach((polygons, area) => {
    for (const ring of polygons.flat())
      for (const copy of withinDegrees(unroll(ring)))
        for (let k = 1; k < copy.length; k++) {
          const [a, b] = [copy[k - 1]!, copy[k]!]
          for (let band = bandOf(Math.min(a[1]!, b[1]!)); band <= bandOf(Math.max(a[1]!, b[1]!)); band++) {
            bands[band]!.edges.push(a[0]!, a[1]!, b[0]!, b[1]!)
            bands[band]!.areas.push(area)
          }
        }
  })
  return finderIn(
    bands.map((band): Band => ({ edges: Float64Array.from(band.edges), areas: Int32Array.from(band.areas) })),
    areas.length,
  )
}

function finderIn(bands: Band[], count: number): AreaFinder {
  const crossings = new Uint8Array(count)
  return (lat, lon) => {
    const { edges, areas } = bands[bandOf(lat)]!
    let first = count
    for (let e = 0, at = 0; e < areas.length; e++, at += 4) {
      const latA = edges[at + 1]!
      const latB = edges[at + 3]!
      // A crossing to the east; the lower end of an edge belongs to it.
      if (
        latA > lat !== latB > lat &&
        lon < edges[at]! + ((lat - latA) / (latB - latA)) * (edges[at + 2]! - edges[at]!)
      )
        crossings[areas[e]!]! ^= 1
    }
    // Edges of an area follow one another: each is looked at and cleared.
    for (let e = 0; e < areas.length; e++) {
      const area = areas[e]!
      if (crossings[area] === 1 && area < first) first = area
      crossings[area] = 0
    }
    return first < count ? first : -1
  }
}

const bandOf = (lat: number) => Math.min(bandCount - 1, Math.max(0, Math.floor((lat + 90) * bandsADegree)))

/** A ring that jumps from 180 to -180 goes on beyond instead. One that goes round a pole is closed over it. */
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
