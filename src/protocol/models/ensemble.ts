import { z } from 'zod'
import { decisionSettings, type ModelDescription } from './description.ts'

/** The average of what other models of the experiment say of a document, on the same labels and seed. */
export const ensembleSettings = z.strictObject({
  method: z.literal('ensemble'),
  /** Models of the file, by name, that have probabilities of labels; an experiment's reader checks them. */
  ensemble: z.array(z.string()).min(2).max(32),
  ...decisionSettings,
})
export type EnsembleSettings = z.infer<typeof ensembleSettings>

/** Whether it has seeds follows from the models that it averages: see `runMatrix`. */
export const ensemble: ModelDescription<EnsembleSettings> = {
  title: 'Ensemble',
  hasCurve: false,
  tasks: () => ['labels'],
  needs: () => ({ labels: true, embedding: false, seeds: false, input: 'parts', device: 'tensorflow' }),
}
