import { z } from 'zod'
import { count, seed } from '../numbers.ts'
import type { LabelDescription } from './description.ts'

/** Clusters of coordinates (Rahimi, Cohn and Baldwin 2017b). */
export const kMeansSettings = z.strictObject({
  method: z.literal('k-means'),
  clusters: count.max(100_000).default(256),
  seed: seed.default(1),
})
export type KMeansSettings = z.infer<typeof kMeansSettings>

export const kMeans: LabelDescription = { title: 'k-means', finerBy: null }
