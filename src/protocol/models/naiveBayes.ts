import { z } from 'zod'
import { decisionSettings, type ModelDescription } from './description.ts'

/** Multinomial Naive Bayes (Han, Cook & Baldwin 2014, section 5.2). */
export const naiveBayesSettings = z.strictObject({
  method: z.literal('naive-bayes'),
  /** Added to the count of every word in every label (Lidstone). */
  smoothing: z.number().positive().max(1e6).default(0.01),
  /** How often a document has a word, or whether it has it. */
  features: z.enum(['counts', 'presence']).default('counts'),
  /** Share of the words that is kept, by information gain ratio over the scheme's own labels. */
  keepByIgr: z.number().gt(0).max(1).default(1),
  ...decisionSettings,
})
export type NaiveBayesSettings = z.infer<typeof naiveBayesSettings>

export const naiveBayes: ModelDescription<NaiveBayesSettings> = {
  title: 'Naive Bayes',
  hasCurve: false,
  tasks: () => ['labels'],
  needs: () => ({ labels: true, embedding: false, seeds: false, input: 'words', device: 'processor' }),
}
