import { z } from 'zod'

/** What a model predicts: labels, coordinates, or both together. */
export const modelTask = z.enum(['labels', 'coordinates'])
export type ModelTask = z.infer<typeof modelTask>

/** Where a document is placed: at the label of least expected root distance, or at the most probable one (the paper). */
export const decision = z.enum(['least-risk', 'most-probable']).default('least-risk')
export type Decision = z.infer<typeof decision>

/** What a method must be given; what it does not need is neither made for it nor waited for. */
export interface ModelNeeds {
  /** Without labels a condition has none, and its key is the model's name alone. */
  labels: boolean
  embedding: boolean
  /** A method without seeds is deterministic and runs once. */
  seeds: boolean
  /** Words of the vocabulary, the stored text itself, or nothing of the documents (guesses that come from elsewhere). */
  input: 'words' | 'text' | 'none'
  /** TensorFlow is loaded only for what computes on it. */
  device: 'tensorflow' | 'processor'
}

/** What engine, command line and window all know of a model method. */
export interface ModelDescription<Settings> {
  title: string
  /** Whether the method trains in epochs that can be watched. */
  hasCurve: boolean
  tasks(settings: Settings): ModelTask[]
  needs(settings: Settings): ModelNeeds
}
