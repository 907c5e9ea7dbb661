import { z } from 'zod'
import { count } from '../numbers.ts'
import { decisionSettings, targetSettings, type ModelDescription } from './description.ts'
import { featureSettings, tfIdfSettings } from './tfIdf.ts'

/** Multinomial logistic regression over tf-idf of words (Rahimi et al. 2015; Rahimi, Cohn & Baldwin 2017b). */
export const logisticRegressionSettings = z
  .strictObject({
    method: z.literal('logistic-regression'),
    ...tfIdfSettings,
    ...featureSettings,
    /** Weight of the sum of the weights' sizes. Both together are the elastic net. */
    l1: z.number().min(0).default(0),
    /** Weight of half of the squared weights: 1 / C of scikit-learn. */
    l2: z.number().min(0).default(1),
    /** Passes over the documents, at most. */
    epochs: count.max(10_000).default(200),
    targets: targetSettings.default('hard'),
    ...decisionSettings,
  })
  .refine(({ l1, l2 }) => l1 + l2 > 0, 'l1 or l2 must be above 0: without them the weights grow without end')
export type LogisticRegressionSettings = z.infer<typeof logisticRegressionSettings>

export const logisticRegression: ModelDescription<LogisticRegressionSettings> = {
  title: 'Logistic regression',
  hasCurve: false,
  tasks: () => ['labels'],
  needs: ({ features }) => ({
    labels: true,
    embedding: false,
    seeds: false,
    input: features === undefined ? 'words' : 'vectors',
    device: 'processor',
  }),
  files: ({ features }) => (features === undefined ? [] : [features]),
}
