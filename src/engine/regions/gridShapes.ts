import { contours } from 'd3-contour'
import type { Feature, MultiPolygon, Position } from 'geojson'
import type { EqualAreaGrid } from './equalAreaGrid.ts'

/**
 * Where a field is at least some value, as GeoJSON (RFC 7946: outlines run counter-clockwise); NaN counts as below.
 * @param field by node of the grid
 */
export function areaAtLeast<Properties extends object>(
  field: Float64Array,
  value: number,
  grid: EqualAreaGrid,
  properties: Properties,
): Feature<MultiPolygon, Properties> {
  const { columns, rows, cellKm, west, south, plane } = grid
  // So far below that edges run along the last nodes that are known: areas of several values end at one edge.
  const finite = Array.from(field, (at) => (Number.isNaN(at) ? value - 1e9 : at))
  const shape = contours().size([columns, rows]).smooth(true).contour(finite, value)
  // d3's rings lie in cells whose middles are the nodes.
  const place = ([x, y]: Position): Position => {
    const { lat, lon } = plane.toPlace(west + (x! - 0.5) * cellKm, south + (y! - 0.5) * cellKm)
    return [round(lon), round(lat)]
  }
  return {
    type: 'Feature',
    properties,
    geometry: {
      type: 'MultiPolygon',
      coordinates: shape.coordinates.map((rings) =>
        rings.map((ring, i) => {
          const turned = (i === 0) === area(ring) > 0 ? ring : ring.toReversed()
          return turned.map(place)
        }),
      ),
    },
  }
}

/** About 10 metres. */
const round = (degrees: number) => Math.round(degrees * 1e4) / 1e4

/** Twice the signed area, positive where a ring runs counter-clockwise with y to the north. */
function area(ring: Position[]): number {
  let sum = 0
  for (let k = 1; k < ring.length; k++) sum += ring[k - 1]![0]! * ring[k]![1]! - ring[k]![0]! * ring[k - 1]![1]!
  return sum
}
