import type { Feature, FeatureCollection, MultiPolygon, Position } from 'geojson'
import type { LabelRow } from '#protocol/results.ts'
import { dissolveRings, nestRings } from '#engine/geo/dissolveRings.ts'
import type { FlatLine } from '#engine/geo/flatGeometry.ts'
import type { Points } from '#engine/geo/points.ts'
import type { LabelSet } from './assembleLabelSet.ts'

export type TerritoryFeature = Feature<MultiPolygon, LabelRow>

/**
 * The territories of a label set as GeoJSON (RFC 7946: lon,lat degrees, cut at the antimeridian), as far as they lie
 * within the padded box of the points. A label without a part in it has no coordinates.
 */
export function territoriesGeoJson(set: LabelSet, boundsPoints: Points): FeatureCollection<MultiPolygon, LabelRow> {
  const areas = set.areas(boundsPoints)
  const features = set.labels.map((label, i): TerritoryFeature => {
    const polygons = nestRings(dissolveRings(areas[i]!))
    return {
      type: 'Feature',
      id: label.index,
      properties: label,
      geometry: { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map(closedRing)) },
    }
  })
  return { type: 'FeatureCollection', features }
}

function closedRing(ring: FlatLine): Position[] {
  const positions: Position[] = []
  for (let k = 0; k < ring.length; k += 2) positions.push([round(ring[k]!), round(ring[k + 1]!)])
  positions.push([...positions[0]!])
  return positions
}

/** Seven decimals, about a centimetre: RFC 7946 advises against more. */
function round(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}
