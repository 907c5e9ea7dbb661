import { z } from 'zod'
import { count, fraction } from '../numbers.ts'
import { decisionSettings, targetSettings, type ModelDescription } from './description.ts'
import { featureSettings, tfIdfSettings } from './tfIdf.ts'

/** A network of one hidden layer over tf-idf of words (Rahimi, Cohn & Baldwin 2017b); their values are the defaults. */
export const mlpSettings = z.strictObject({
  method: z.literal('mlp'),
  ...tfIdfSettings,
  ...featureSettings,
  frequency: tfIdfSettings.frequency.default('binary'),
  minDocuments: tfIdfSettings.minDocuments.default(10),
  maxShare: tfIdfSettings.maxShare.default(0.2),
  hidden: count.max(8192).default(300),
  dropout: fraction.default(0.5),
  /** Weight of half of the squared weights, in the mean loss of a document. */
  l2: z.number().min(0).default(1e-5),
  epochs: count.max(10_000).default(100),
  batch: count.max(4096).default(200),
  patience: count.default(10),
  learningRate: z.number().positive().default(1e-3),
  /** Left out: hard. */
  targets: targetSettings.optional(),
  ...decisionSettings,
})
export type MlpSettings = z.infer<typeof mlpSettings>

export const mlp: ModelDescription<MlpSettings> = {
  title: 'Multilayer perceptron',
  hasCurve: true,
  tasks: () => ['labels'],
  needs: ({ features }) => ({
    labels: true,
    embedding: false,
    seeds: true,
    input: features === undefined ? 'words' : 'vectors',
    device: 'tensorflow',
  }),
  files: ({ features }) => (features === undefined ? [] : [features]),
}
