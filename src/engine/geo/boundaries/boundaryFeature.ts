import type { Feature, Geometry } from 'geojson'

/** A feature as a reader hands it over. */
export type BoundaryFeature = Feature<Geometry | null, Record<string, unknown> | null>
