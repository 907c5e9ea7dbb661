import type { FeatureCollection } from 'geojson'
import type { LineAnswer } from '#protocol/explorer.ts'

/** All that an isogloss draws as one collection: lines, the areas of three variants and more, then bands and the known area by name. */
export const isoglossShapes = ({
  line,
  areas,
  pointwiseBand,
  simultaneousBand,
  support,
}: LineAnswer): FeatureCollection => ({
  type: 'FeatureCollection',
  features: [
    ...(line?.features ?? []),
    ...(areas?.features ?? []).map((area) => ({ ...area, properties: { name: 'area', ...area.properties } })),
    ...Object.entries({ pointwiseBand, simultaneousBand, support }).flatMap(([name, feature]) =>
      feature ? [{ ...feature, properties: { name } }] : [],
    ),
  ],
})
