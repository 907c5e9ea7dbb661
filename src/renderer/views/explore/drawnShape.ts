import type { MultiPolygon } from 'geojson'
import type { DegreeBox } from '#protocol/degreeBox.ts'
import { planarAreas, planarLines } from '#pure/maps/planarShapes.ts'
import type { AtlasProjection } from '#pure/maps/projection.ts'
import type { MapLayer } from '../../maps/mapLayers.ts'

/** Lon,lat degrees. */
export type Ring = [lon: number, lat: number][]

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

export function boxRing({ south, north, west, east }: DegreeBox): Ring {
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
