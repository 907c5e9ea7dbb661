import type { Feature, FeatureCollection, MultiPolygon, Position } from 'geojson'
import type { LabelRow } from '#protocol/labelSets.ts'
import { dissolveRings, nestRings } from '#engine/geo/dissolveRings.ts'
import { signedArea, type FlatLine } from '#engine/geo/flatGeometry.ts'
import type { Points } from '#engine/geo/points.ts'
import type { LabelSet } from './assembleLabelSet.ts'

export type TerritoryFeature = Feature<MultiPolygon, LabelRow>

export interface Territories {
  collection: FeatureCollection<MultiPolygon, LabelRow>
  /** Labels without a part in the box: readers of maps choke on an empty geometry. */
  leftOut: LabelRow[]
}

/**
 * The territories of a label set as GeoJSON (RFC 7946: lon,lat degrees, cut at the antimeridian, closed rings, outlines
 * counterclockwise), as far as they lie within the padded box of the points.
 */
export function territoriesGeoJson(set: LabelSet, boundsPoints: Points): Territories {
  const features: TerritoryFeature[] = []
  const leftOut: LabelRow[] = []
  const areas = set.areas(boundsPoints)
  for (const [i, label] of set.labels.entries()) {
    const polygons = nestRings(dissolveRings(areas[i]!)).map((rings) => rings.map(closedRing))
    // A ring too small for the decimals is none; neither is a hole in it.
    const coordinates = polygons.filter(([outline]) => isRing(outline!)).map((rings) => rings.filter(isRing))
    if (coordinates.length === 0) leftOut.push(label)
    else
      features.push({
        type: 'Feature',
        id: label.index,
        properties: label,
        geometry: { type: 'MultiPolygon', coordinates },
      })
  }
  return { collection: { type: 'FeatureCollection', features }, leftOut }
}

function closedRing(ring: FlatLine): Position[] {
  const positions: Position[] = []
  for (let k = 0; k < ring.length; k += 2) {
    const [lon, lat] = [round(ring[k]!), round(ring[k + 1]!)]
    const last = positions.at(-1)
    if (last?.[0] !== lon || last[1] !== lat) positions.push([lon, lat])
  }
  const [first, last] = [positions[0]!, positions.at(-1)!]
  if (positions.length === 1 || first[0] !== last[0] || first[1] !== last[1]) positions.push([...first])
  return positions
}

/** A triangle has four positions, the first one repeated. */
const isRing = (ring: Position[]) => ring.length >= 4 && signedArea(ring.flat()) !== 0

/** Seven decimals, about a centimetre: RFC 7946 advises against more. */
function round(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}
