import { z } from 'zod'
import { count, fraction } from '../numbers.ts'
import { decisionSettings, modelTask, targetSettings, type ModelDescription } from './description.ts'

/** n-grams of characters that words get vectors from: their least and greatest length, and how many vectors they share. */
const characterSettings = z.strictObject({
  ngrams: z
    .tuple([count.max(8), count.max(8)])
    .refine(([least, most]) => least <= most, 'the least length comes first')
    .default([3, 5]),
  buckets: count.max(1 << 22).default(1 << 15),
})
export type CharacterSettings = z.infer<typeof characterSettings>

/** The attention network of the paper; defaults are the ones measured in docs/methods.md. */
export const attentionCnnSettings = z
  .strictObject({
    method: z.literal('attention-cnn').default('attention-cnn'),
    tasks: z.array(modelTask).min(1).default(['labels']),
    /** Left out: one network for all tasks. false: one for each. */
    joint: z.boolean().optional(),
    coordinates: z.enum(['paper', 'box', 'local-km']).default('box'),
    epochs: count.default(40),
    batch: count.max(4096).default(32),
    patience: count.default(10),
    learningRate: z.number().positive().default(5e-4),
    /** Of fine-tuned word vectors: higher, since a rare word is seen in few of the steps. */
    vectorsLearningRate: z.number().positive().default(5e-3),
    sgdRate: z.number().positive().default(0.1),
    /** How much of the weights of earlier epochs stays in the average that is kept; 0 keeps an epoch's own. */
    averaging: fraction.default(0.6),
    dropout: fraction.default(0.5),
    wordDropout: fraction.default(0.3),
    fineTune: z.boolean().default(true),
    windows: z.array(count.max(256)).min(1).max(8).default([4, 8]),
    filters: z.tuple([count.max(8192), count.max(8192)]).default([128, 256]),
    pools: z.tuple([count.max(64), count.max(64)]).default([4, 2]),
    attention: z.enum(['yang', 'none']).default('yang'),
    attentionUnits: count.max(8192).default(100),
    /** Left out: none, and words that the vocabulary lacks are dropped. */
    characters: z.union([z.literal('none'), characterSettings]).optional(),
    /** Left out: hard. */
    targets: targetSettings.optional(),
    ...decisionSettings,
    /** How positions are pooled where attention is none. */
    pooling: z.enum(['mean', 'max']).default('mean'),
  })
  .refine(({ joint, tasks }) => joint !== false || new Set(tasks).size === 2, {
    message: 'joint: false is for tasks: [labels, coordinates]; one task has one network',
    path: ['joint'],
  })
  .refine(({ characters, fineTune }) => fineTune || typeof characters !== 'object', {
    message: 'vectors of characters are trained with those of words: set fineTune: true',
    path: ['characters'],
  })
export type AttentionCnnSettings = z.infer<typeof attentionCnnSettings>

export const attentionCnn: ModelDescription<AttentionCnnSettings> = {
  title: 'Attention network',
  hasCurve: true,
  tasks: ({ tasks }) => tasks,
  needs: ({ tasks, characters }) => ({
    labels: tasks.includes('labels'),
    embedding: true,
    seeds: true,
    input: 'words',
    spelling: typeof characters === 'object',
    device: 'tensorflow',
  }),
}
