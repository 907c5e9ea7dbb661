import { z } from 'zod'

/** What a model predicts: labels, coordinates, or both together. */
export const modelTask = z.enum(['labels', 'coordinates'])
export type ModelTask = z.infer<typeof modelTask>

/**
 * Where a document is placed: at the centre of the label of least expected root distance, or of the most probable one
 * (the paper); or at the training place of least expected loss, by the loss that serves the mean or the median error.
 */
export const decision = z.enum(['least-risk', 'most-probable', 'mean', 'median']).default('least-risk')
export type Decision = z.infer<typeof decision>

/** Decisions that take a label, and decisions that take a place. */
export type PlaceDecision = Extract<Decision, 'mean' | 'median'>
export type LabelDecision = Exclude<Decision, PlaceDecision>

const automatic = z.literal('auto')

/** Of every method that has a posterior. The last two are read by `mean` and `median` alone; left out they are `auto`. */
export const decisionSettings = {
  decision,
  /** Of the loss 1 - exp(-d / scale) of `median`; `auto` takes it from the distances between labels. */
  lossScaleKm: z.union([automatic, z.number().positive().max(20_000)]).optional(),
  /** Power to which what a document says is raised against the labels' shares; `auto` chooses it on held-out documents. */
  sharpen: z.union([automatic, z.number().positive().max(100)]).optional(),
}
export type DecisionSettings = z.infer<z.ZodObject<typeof decisionSettings>>

/** What a classifier is trained towards: a document's label, or the labels near its place, the nearer the more. */
export const targetSettings = z.union([
  z.literal('hard'),
  z.strictObject({ smoothingKm: z.union([automatic, z.number().positive().max(20_000)]) }),
])
export type TargetSettings = z.infer<typeof targetSettings>

/** What a method must be given; what it does not need is neither made for it nor waited for. */
export interface ModelNeeds {
  /** Without labels a condition has none, and its key is the model's name alone. */
  labels: boolean
  embedding: boolean
  /** A method without seeds is deterministic and runs once. */
  seeds: boolean
  /**
   * Words of the vocabulary, the stored text itself, vectors that a person brings, nothing of the documents (guesses that come
   * from elsewhere), or what each of the models reads that are averaged.
   */
  input: 'words' | 'text' | 'vectors' | 'none' | 'parts'
  /** Whether words that the vocabulary lacks are read too, by their characters. Left out: no. */
  spelling?: boolean
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
  /** What a method that reads the texts themselves leaves out where a variant of them does. */
  drops?: readonly ('mentions' | 'hashtags')[]
  /** Files that the method reads beside the corpus. */
  files?(settings: Settings): string[]
}
