import type { Position } from 'geojson'
import { areaFinder } from '#engine/geo/areaFinder.ts'
import { sharedBorders } from '#engine/geo/boundaries/sharedBorders.ts'
import type { Points } from '#engine/geo/points.ts'
import type { LabelSet } from '#engine/labels/assembleLabelSet.ts'
import { territoriesGeoJson } from '#engine/labels/territoriesGeoJson.ts'
import type { Boundaries } from '#protocol/boundaries.ts'

/** Areas that users and informants are counted in. */
export interface CountingAreas {
  ids: string[]
  names: (string | null)[]
  /** Lon,lat degrees; as far as they lie where the corpus does. */
  polygons: Position[][][][]
  /** The area of each place, or -1. */
  assign(places: Points): Int32Array
  /** Pairs of areas that touch, flat: a1, b1, a2, b2. */
  touching(): Int32Array
}

/** The territories of a label set; an area's id is its label's number. */
export function areasOfLabels(set: LabelSet, places: Points): CountingAreas {
  const { collection } = territoriesGeoJson(set, places)
  const polygons: Position[][][][] = set.labels.map(() => [])
  for (const { properties, geometry } of collection.features) polygons[properties.index] = geometry.coordinates
  return {
    ids: set.labels.map(({ index }) => String(index)),
    names: set.labels.map(({ name }) => name),
    polygons,
    assign: (points) => set.assign(points),
    touching: () => set.touching(places),
  }
}

/** A person's own areas, by their own ids. */
export function areasOfBoundaries({ areas }: Pick<Boundaries, 'areas'>): CountingAreas {
  const polygons = areas.map((area) => area.polygons)
  const find = areaFinder(polygons)
  return {
    ids: areas.map(({ id }) => id),
    names: areas.map(({ name }) => name),
    polygons,
    assign: ({ lat, lon }) => Int32Array.from(lat, (_, i) => find(lat[i]!, lon[i]!)),
    touching: () => sharedBorders(polygons),
  }
}
