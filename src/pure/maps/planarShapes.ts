import { geoStream } from 'd3-geo'
import type { LineString, MultiLineString, Position } from 'geojson'
import { flatSink, type FlatPolygon } from './flatSink.ts'
import type { AtlasProjection } from './projection.ts'

/**
 * Areas whose edges are short and straight on the map, as surfaces and bands have them: their vertices are projected, nothing is
 * clipped. A vertex that the projection does not show is left out.
 * @param polygons lon,lat degrees, each an outline and its holes
 */
export function planarAreas({ geo }: AtlasProjection, polygons: Position[][][]): FlatPolygon[] {
  return polygons.flatMap((rings) => {
    const positions: number[] = []
    const holeIndices: number[] = []
    for (const [i, ring] of rings.entries()) {
      const begin = positions.length
      for (const [lon, lat] of ring) {
        const at = geo([lon!, lat!])
        if (at) positions.push(at[0], at[1])
      }
      if (positions.length - begin < 6) positions.length = begin
      else if (i > 0) holeIndices.push(begin)
      if (i === 0 && positions.length === begin) return []
    }
    return [{ positions: Float64Array.from(positions), holeIndices }]
  })
}

/** Lines as pieces, x1, y1, x2, y2 in planar km, cut where the map is. */
export function planarLines({ geo }: AtlasProjection, lines: (LineString | MultiLineString)[]): Float32Array {
  const sink = flatSink()
  for (const line of lines) geoStream(line, geo.stream(sink.stream))
  return sink.result().segments
}

/** A ring of parallels and meridians with a vertex a degree: they bend on a map. */
export const denseRing = (ring: [lon: number, lat: number][]): [lon: number, lat: number][] =>
  ring.flatMap(([lon, lat], k): [number, number][] => {
    const next = ring[k + 1]
    if (!next) return [[lon, lat]]
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(next[0] - lon), Math.abs(next[1] - lat))))
    return Array.from({ length: steps }, (_, step): [number, number] => [
      lon + ((next[0] - lon) * step) / steps,
      lat + ((next[1] - lat) * step) / steps,
    ])
  })
