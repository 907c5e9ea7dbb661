import { z } from 'zod'
import { count } from '../numbers.ts'

/** How methods that read words as a vector weigh them. */
export const tfIdfSettings = {
  /** Whether a document has the word, or 1 + ln of how often. */
  frequency: z.enum(['binary', 'log']).default('log'),
  /** Training documents in which a word must stand. */
  minDocuments: count.default(1),
  /** Greatest share of the training documents in which a word may stand. */
  maxShare: z.number().gt(0).max(1).default(1),
}
export type TfIdfSettings = z.infer<z.ZodObject<typeof tfIdfSettings>>

/** Vectors of documents that a person brings, which are read in place of words: .npy, a row for each of documents.parquet. */
export const featureSettings = { features: z.string().optional() }
