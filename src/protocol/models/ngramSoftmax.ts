import { z } from 'zod'
import { count, fraction } from '../numbers.ts'
import { decisionSettings, targetSettings, type ModelDescription } from './description.ts'

const keepOrDrop = z.enum(['keep', 'drop']).default('keep')

/** A linear classifier over words and over n-grams of the characters within them. */
export const ngramSoftmaxSettings = z.strictObject({
  method: z.literal('ngram-softmax'),
  /** Lengths of the n-grams within words, least and greatest, or words alone. */
  characters: z
    .union([
      z.literal('none'),
      z.tuple([count.max(8), count.max(8)]).refine(([least, most]) => least <= most, 'the least length comes first'),
    ])
    .default([1, 5]),
  mentions: keepOrDrop,
  hashtags: keepOrDrop,
  /** Training documents in which an n-gram must stand. */
  minDocuments: count.default(2),
  /** Greatest share of the training documents in which an n-gram may stand. */
  maxShare: z.number().gt(0).max(1).default(1),
  /** Whether a document has the n-gram, or 1 + ln of how often. */
  frequency: z.enum(['binary', 'log']).default('log'),
  /** ln((1 + N) / (1 + df)) + 1, or the cube of the logarithm. */
  idf: z.enum(['smooth', 'cubed']).default('smooth'),
  targets: targetSettings.default({ smoothingKm: 'auto' }),
  /** `dual` is exact and for at most 5,000 documents; `auto` takes the best on held-out documents. */
  optimiser: z.enum(['auto', 'sgd', 'adagrad', 'dual']).default('auto'),
  /** Left out: as the optimiser has them. */
  epochs: count.max(1000).optional(),
  learningRate: z.number().positive().optional(),
  /** Weight of the squared weights. Left out: as the optimiser has it. */
  l2: z.number().min(0).optional(),
  /** Share of the n-grams that one step of sgd does not see. */
  featureDropout: fraction.default(0.3),
  ...decisionSettings,
  decision: decisionSettings.decision.default('median'),
})
export type NgramSoftmaxSettings = z.infer<typeof ngramSoftmaxSettings>

export const ngramSoftmax: ModelDescription<NgramSoftmaxSettings> = {
  title: 'Words and characters',
  hasCurve: false,
  tasks: () => ['labels'],
  needs: () => ({ labels: true, embedding: false, seeds: true, input: 'text', device: 'processor' }),
  drops: ['mentions', 'hashtags'],
}
