import type { LabelMap, LabelRow } from '#protocol/labelSets.ts'
import { projectLines } from '#pure/maps/basemapShapes.ts'
import { chooseProjection, projectLonLat, type AtlasProjection } from '#pure/maps/projection.ts'

/** A label set in the plane of a map; made once for each label set and projection. */
export interface LabelPlane {
  projection: AtlasProjection
  /** Training points, planar km, interleaved. */
  points: Float32Array
  /** Centres of the labels, in the order of `labels`. */
  centres: Float32Array
  /** Borders of the territories as a line list. */
  borders: Float32Array
}

const cache = new WeakMap<LabelMap, LabelPlane>()

/** @param projection left out: chosen by the training points; label sets of one corpus share that of the first */
export function labelPlane(map: LabelMap, projection?: AtlasProjection): LabelPlane {
  const cached = cache.get(map)
  if (cached && (!projection || cached.projection === projection)) return cached
  const chosen = projection ?? chooseProjection(map.points.length > 0 ? map.points : centresOf(map))
  const plane: LabelPlane = {
    projection: chosen,
    points: projectLonLat(chosen.geo, map.points),
    centres: projectLonLat(chosen.geo, centresOf(map)),
    borders: projectLines(chosen, map.borderVertices, map.borderStarts),
  }
  cache.set(map, plane)
  return plane
}

function centresOf(map: LabelMap): Float32Array {
  return Float32Array.from(map.labels.flatMap(({ lon, lat }) => [lon, lat]))
}

/** A finder of labels by what a prediction calls them: name, or index, or city. */
export function labelFinder(map: LabelMap): (key: string) => LabelRow | undefined {
  const byKey = new Map<string, LabelRow>()
  for (const row of map.labels) if (!byKey.has(row.city)) byKey.set(row.city, row)
  for (const row of map.labels) byKey.set(String(row.index), row)
  for (const row of map.labels) byKey.set(row.name, row)
  return (key) => byKey.get(key)
}
