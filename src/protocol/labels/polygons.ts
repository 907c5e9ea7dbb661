import { z } from 'zod'
import type { LabelDescription } from './description.ts'

/** A person's own areas; a place outside of all of them has no label. */
export const polygonsSettings = z.strictObject({
  method: z.literal('polygons'),
  /** GeoJSON, KML, KMZ or a Shapefile. */
  file: z.string(),
  /** A property of the areas: those of one value are one label. Left out, each area is one. */
  by: z.string().optional(),
})
export type PolygonsSettings = z.infer<typeof polygonsSettings>

export const polygons: LabelDescription = { title: 'Own areas', finerBy: null }
