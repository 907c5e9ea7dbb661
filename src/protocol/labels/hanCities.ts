import { z } from 'zod'
import type { LabelDescription } from './description.ts'

/** Cities (Han, Cook and Baldwin 2014, section 3.2). */
export const hanCitiesSettings = z.strictObject({
  method: z.literal('han-cities'),
  minPopulation: z.number().int().min(500).default(100_000),
  /** Cities within this distance of a larger one of their country are joined to it. */
  joinKm: z.number().min(0).max(1000).default(50),
})
export type HanCitiesSettings = z.infer<typeof hanCitiesSettings>

export const hanCities: LabelDescription = { title: 'Cities', finerBy: 'minPopulation' }
