import type { MultiPolygon } from 'geojson'
import { planarAreas, planarLines } from '#pure/maps/planarShapes.ts'
import type { AtlasProjection } from '#pure/maps/projection.ts'
import type { MapLayer } from '../../maps/mapLayers.ts'

/** Lon,lat degrees. */
export type Ring = [lon: number, lat: number][]

/** Sides of a rectangle in degrees; west may lie east of east where it crosses the antimeridian. */
export interface Box {
  south: number
  north: number
  west: number
  east: number
}

/** Corners along a side, so that a parallel is drawn as one. */
const cornersASide = 24

/**
 * A shape of the map's plane on the ground; a corner beyond the edge of the world is left out.
 * @param planar km
 * @returns null where fewer than three corners are left
 */
export function groundRing({ geo }: Pick<AtlasProjection, 'geo'>, planar: [number, number][]): Ring | null {
  const ring = planar.flatMap((corner): Ring => {
    const place = geo.invert?.(corner)
    // Beyond its edge d3 gives the nearest place of the edge, which lies elsewhere.
    const back = place && geo(place)
    return back && Math.hypot(back[0] - corner[0], back[1] - corner[1]) < 1 ? [place] : []
  })
  return ring.length >= 3 ? ring : null
}

/** What keeps four numbers from being a rectangle, in words; null where nothing does. */
export function boxProblem({ south, north, west, east }: { [Side in keyof Box]: number | null }): string | null {
  if (south === null || north === null || west === null || east === null) return 'Four sides make a rectangle.'
  if (Math.abs(south) > 90 || Math.abs(north) > 90) return 'Latitudes lie between -90 and 90.'
  if (Math.abs(west) > 180 || Math.abs(east) > 180) return 'Longitudes lie between -180 and 180.'
  return south < north ? (west === east ? 'West and east are the same.' : null) : 'The south lies north of the north.'
}

export function boxRing({ south, north, west, east }: Box): Ring {
  const end = east > west ? east : east + 360
  const side = (from: [number, number], to: [number, number]): Ring =>
    Array.from({ length: cornersASide }, (_, k) => {
      const share = k / cornersASide
      return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]
    })
  return [
    ...side([west, south], [end, south]),
    ...side([end, south], [end, north]),
    ...side([end, north], [west, north]),
    ...side([west, north], [west, south]),
  ]
}

/** The selected areas on a map: a line about them, and the least of a tint. */
export function selectionLayers(shape: MultiPolygon, projection: AtlasProjection): MapLayer[] {
  const segments = planarLines(projection, [{ type: 'MultiLineString', coordinates: shape.coordinates.flat() }])
  const polygons = planarAreas(projection, shape.coordinates)
  return [
    { kind: 'areas', id: 'selection', polygons, colour: 'accent', opacity: 0.12 },
    { kind: 'lines', id: 'selection-halo', segments, colour: 'paper', opacity: 0.9, widthPx: 4.5 },
    { kind: 'lines', id: 'selection-edge', segments, colour: 'accent', opacity: 1, widthPx: 2 },
  ]
}
