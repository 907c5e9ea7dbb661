import { geoStream, type GeoGeometryObjects } from 'd3-geo'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { flatSink, type FlatGeometry, type FlatPolygon } from './flatSink.ts'
import type { AtlasProjection } from './projection.ts'

/** Land and borders of one level of detail in a projection's plane, flat, in km. */
export interface Basemap {
  land: FlatPolygon[]
  /** Line lists: x1, y1, x2, y2 of each piece. */
  coast: Float32Array
  borders: Float32Array
  /** Borders of the states of the USA; empty elsewhere. */
  states: Float32Array
}

/** Projects the land of one topology, with the borders of the American states where their topology is given. */
export function projectBasemap(projection: AtlasProjection, world: Topology, states: Topology | null): Basemap {
  const near = closeTo(projection)
  const lines = (topology: Topology, name: string, inner: boolean) => {
    const object = collection(topology, name)
    const coordinates = object ? mesh(topology, object, (a, b) => (a !== b) === inner).coordinates.filter(near) : []
    return flatten(projection, { type: 'MultiLineString', coordinates }).segments
  }
  const land = collection(world, 'land')
  const polygons = (land ? feature(world, land).features : []).flatMap(({ geometry }) =>
    geometry.type === 'MultiPolygon' ? geometry.coordinates : geometry.type === 'Polygon' ? [geometry.coordinates] : [],
  )
  const coordinates = polygons.filter(([outer]) => outer !== undefined && near(outer))
  return {
    land: flatten(projection, { type: 'MultiPolygon', coordinates }).polygons,
    coast: lines(world, 'countries', false),
    borders: lines(world, 'countries', true),
    states: states ? lines(states, 'states', true) : new Float32Array(0),
  }
}

function collection(topology: Topology, name: string): GeometryCollection<object> | undefined {
  const object = topology.objects[name]
  return object?.type === 'GeometryCollection' ? (object as GeometryCollection<object>) : undefined
}

function flatten(projection: AtlasProjection, object: GeoGeometryObjects): FlatGeometry {
  const sink = flatSink()
  geoStream(object, projection.geo.stream(sink.stream))
  return sink.result()
}

/**
 * Tells what lies far from the map before any trigonometry: of the 1 : 10 million land a region needs a few polygons.
 * A ring or line is near when its box of degrees meets the box round the projection's bounds.
 */
function closeTo(projection: AtlasProjection): (line: number[][]) => boolean {
  if (projection.name === 'equal-earth') return () => true
  const { bounds, centre } = projection
  // A degree of latitude is 111 km; the corner of the bounds is the farthest that is shown.
  const radius = (Math.hypot(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY) / 2 / 111) * 1.15
  const south = centre[1] - radius
  const north = centre[1] + radius
  const widest = Math.min(89, Math.max(Math.abs(south), Math.abs(north)))
  const halfWidth = Math.min(180, radius / Math.cos((widest * Math.PI) / 180))
  return (line) => {
    let [low, high, least, most, nearest] = [Infinity, -Infinity, Infinity, -Infinity, Infinity]
    for (const [lon, lat] of line) {
      const off = ((lon! - centre[0] + 540) % 360) - 180
      low = Math.min(low, lat!)
      high = Math.max(high, lat!)
      least = Math.min(least, off)
      most = Math.max(most, off)
      nearest = Math.min(nearest, Math.abs(off))
    }
    return high >= south && low <= north && (nearest <= halfWidth || (least < 0 && most > 0))
  }
}

/** Lines given in degrees (borders of territories), projected and cut into pieces of a line list. */
export function projectLines(projection: AtlasProjection, vertices: Float32Array, starts: Uint32Array): Float32Array {
  const coordinates: [number, number][][] = []
  for (let k = 0; k + 1 < starts.length; k++) {
    const line: [number, number][] = []
    for (let v = starts[k]!; v < starts[k + 1]!; v++) line.push([vertices[2 * v]!, vertices[2 * v + 1]!])
    if (line.length > 1) coordinates.push(line)
  }
  return flatten(projection, { type: 'MultiLineString', coordinates }).segments
}

/** The edge of a world map; empty for regions. */
export function sphereOutline(projection: AtlasProjection): Float32Array {
  if (projection.name !== 'equal-earth') return new Float32Array(0)
  return flatten(projection, { type: 'Sphere' }).outlines
}
