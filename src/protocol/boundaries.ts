import type { Position } from 'geojson'

/** One area of a person's own map. */
export interface BoundaryArea {
  id: string
  name: string | null
  properties: Record<string, unknown>
  /** Polygons of rings, closed, lon,lat degrees; the first ring is the outline, the others are holes. */
  polygons: Position[][][]
}

/** What a file of boundaries holds: areas to count in or to clip with, and lines that are shown only. */
export interface Boundaries {
  format: 'GeoJSON' | 'KML' | 'Shapefile'
  areas: BoundaryArea[]
  /** Lon,lat degrees. */
  lines: Position[][]
  /** Where the areas' ids come from, to be said: "the features' ids", "the column NAME" or "their order". */
  idsFrom: string
  /** What is no area and no line, such as points and features without a geometry. */
  skipped: number
}
