import type { Position } from 'geojson'
import type { PredictedRegion } from '#protocol/runs.ts'
import type { FlatPolygon } from '#pure/maps/flatSink.ts'
import { planarAreas } from '#pure/maps/planarShapes.ts'
import type { AtlasProjection } from '#pure/maps/projection.ts'

/** The regions of a prediction, the largest share first. */
export const byLevel = (regions: PredictedRegion[] | undefined): PredictedRegion[] =>
  [...(regions ?? [])].sort((a, b) => b.level - a.level)

/** What a map draws of regions: the territories of their labels. */
export const regionAreas = (
  regions: PredictedRegion[],
  territories: ReadonlyMap<string, Position[][][]> | null,
  projection: AtlasProjection,
): FlatPolygon[][] =>
  regions.map(({ labels }) => labels.flatMap((label) => planarAreas(projection, territories?.get(label) ?? [])))
