import { z } from 'zod'
import { count, fraction } from '../numbers.ts'
import type { ModelDescription } from './description.ts'
import { tfIdfSettings } from './tfIdf.ts'

/** A mixture of bivariate Gaussians, shared by all documents and weighed by each one's words (Rahimi, Baldwin & Cohn 2017a). */
export const mixtureDensitySettings = z.strictObject({
  method: z.literal('mixture-density'),
  ...tfIdfSettings,
  /** Gaussians; never more than there are training places. */
  components: count.max(4096).default(100),
  hidden: count.max(8192).default(100),
  /** Share of a document's words that one step does not see. */
  dropout: fraction.default(0.5),
  /** Least standard deviation of a Gaussian: where documents share a place the likelihood has no bound. */
  leastSpreadKm: z.number().positive().max(1000).default(5),
  epochs: count.max(10_000).default(100),
  batch: count.max(4096).default(50),
  patience: count.default(10),
  learningRate: z.number().positive().default(2e-3),
})
export type MixtureDensitySettings = z.infer<typeof mixtureDensitySettings>

export const mixtureDensity: ModelDescription<MixtureDensitySettings> = {
  title: 'Mixture density',
  hasCurve: true,
  tasks: () => ['coordinates'],
  needs: () => ({ labels: false, embedding: false, seeds: true, input: 'words', device: 'processor' }),
}
