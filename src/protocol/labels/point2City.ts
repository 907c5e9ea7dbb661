import { z } from 'zod'
import type { LabelDescription } from './description.ts'

export const point2CitySettings = z.strictObject({
  method: z.literal('point2city'),
  radiusKm: z.number().positive().max(2000).default(11),
  /** A scheme of the file, for whose number of labels the radius is searched; the radius above is not used then. */
  match: z.string().optional(),
  minPopulation: z.number().int().min(500).default(15_000),
  merge: z.enum(['nearest', 'mutual']).default('nearest'),
})
export type Point2CitySettings = z.infer<typeof point2CitySettings>

export const point2City: LabelDescription = { title: 'Point2City', finerBy: 'radiusKm' }
