import type { DecisionSettings } from '#protocol/models/description.ts'
import type { MachineProfile } from '#protocol/machine.ts'
import type { DensityComponent, EpochMetrics, Explanation } from '#protocol/runs.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import type { StageContext } from '#engine/context.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import type { EncodedText } from '#engine/corpus/vocabulary/vocabulary.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import type { Points } from '#engine/geo/points.ts'
import type { HeldOut } from './learning/fitExpectedLoss.ts'
import type { Posterior } from './learning/posterior.ts'

/** Documents as a method reads them; they are numbered from 0 in the order of the corpus. */
export type ModelDocuments =
  | { input: 'words'; words: EncodedDocuments }
  /** Texts in row order as UTF-8, in pieces; each is valid until the next one is asked for. */
  | { input: 'text'; texts(): AsyncIterable<Uint8Array[]> }
  /** A row for each document, as a person brought them. */
  | { input: 'vectors'; vectors: Matrix }
  /** Nothing of the documents but whose they are: the author of each row, empty where it has none. */
  | { input: 'none'; authors(): Promise<string[]> }
  /** As each of several models reads them. */
  | { input: 'parts'; parts: ModelDocuments[] }

/** The words of documents that a method which reads words was given. */
export function wordsOf(documents: ModelDocuments): EncodedDocuments {
  if (documents.input !== 'words') throw new Error(`Words were expected, found ${documents.input}.`)
  return documents.words
}

/** The texts of documents that a method which reads text was given. */
export function textsOf(documents: ModelDocuments): AsyncIterable<Uint8Array[]> {
  if (documents.input !== 'text') throw new Error(`Texts were expected, found ${documents.input}.`)
  return documents.texts()
}

/** Everything of a corpus that training may see. Arrays over documents have an element for each, of every fold. */
export interface TrainingData {
  documents: ModelDocuments
  /** Survey answers are parted by spaces and are no running text. */
  tokenisation: 'text' | 'answers'
  vocabularySize: number
  train: Int32Array
  dev: Int32Array
  points: Points
  /** Of a scheme; null where the method needs none. */
  labels: { of: Int32Array; centres: Points } | null
  /** Training may work on it in place; null where the method needs none. */
  vectors: Matrix | null
  /** Trained models whose answers are averaged; left out where a method learns by itself. */
  parts?: EnsemblePart[]
}

/** A trained model as part of a whole. */
export interface EnsemblePart {
  model: TrainedModel
  /** Share of each label that it was trained towards. */
  prior: Float64Array
}

/** What a run has of its own. */
export interface TrainingTask {
  /** null where the method needs none. */
  seed: number | null
  /** A folder in which training may keep what a resumed one continues from. */
  checkpoint: string
  context: StageContext
  /** Told of each epoch, by methods that have a curve. */
  onEpoch(metrics: EpochMetrics): void
  /** Milliseconds since any fixed instant: for rates and for the age of checkpoints, never for results. */
  nowMs(): number
}

/** What a trained model says of documents, in the order in which they were asked for; at least one of the two is there. */
export interface ModelPredictions {
  posterior: Posterior | null
  /** The model's own guess of the place, such as a coordinate head's or the mode of a density. */
  coordinates: Points | null
}

/** A text that is to be explained, as the method reads it. */
export interface ReadText {
  text: string
  /** null where the method reads the text itself. */
  words: EncodedText | null
}

/** A model that can answer: fresh from training, or loaded. */
export interface TrainedModel {
  /** How a place is chosen by its posterior. */
  decision: DecisionSettings
  /** Share of each label that the model was trained towards, where that is not its share of the training documents. */
  prior?: Float64Array
  /** What the model said of training documents before it was trained on them, for choices where there is no development fold. */
  heldOut?: HeldOut | null
  /** Whether it has nothing to say of the development fold. */
  testOnly?: boolean
  /** Of each epoch; null for a method without a curve. */
  epochs: EpochMetrics[] | null
  /** @param chosen documents' numbers */
  predict(
    documents: ModelDocuments,
    chosen: Int32Array,
    context: Pick<StageContext, 'signal'>,
  ): Promise<ModelPredictions>
  /**
   * Why the model says what it says; null for what the method cannot tell.
   * @param label the label that is spoken for; null without labels
   */
  explain(read: ReadText, label: number | null, context: Pick<StageContext, 'signal'>): Promise<Explanation>
  /**
   * Weights of the positions of documents, which sum to 1 in each, and how many words a position covers; absent where the model
   * attends to nothing.
   */
  attention?(
    documents: EncodedDocuments,
    chosen: Int32Array,
    context: Pick<StageContext, 'signal'>,
  ): Promise<{ wordsPerPosition: number; weights: Float32Array[] }>
  /** What a program without Isogloss needs of the model to answer; absent where a method has no such form. */
  portable?(): PortableModel
  /**
   * The density over the map of each document, as Gaussians in degrees, the heaviest first; absent where the model has none.
   */
  density?(
    documents: ModelDocuments,
    chosen: Int32Array,
    context: Pick<StageContext, 'signal'>,
  ): Promise<DensityComponent[][]>
  /** Writes the model into an existing folder. */
  save(directory: string): Promise<void>
}

export interface PortableTensor {
  name: string
  shape: number[]
  values: Float32Array | Float64Array | Int32Array | Int8Array
}

/** A model in a form that others read: TensorFlow.js's layout, or one file of safetensors. */
export interface PortableModel {
  form: 'tfjs' | 'safetensors'
  tensors: PortableTensor[]
  /** What is no tensor, as JSON. */
  settings: Record<string, unknown>
  /** A module of JavaScript that reads the model and predicts. */
  program: string
}

/** What a saved model's files must fit: words of its vocabulary and labels of its scheme, 0 where it has none. */
export interface ModelSize {
  vocabulary: number
  labels: number
}

/** How much there is to learn from, for estimates. */
export interface WorkSize {
  trainDocuments: number
  devDocuments: number
  /** Mean, after the vocabulary's filter. */
  wordsPerDocument: number
  vocabulary: number
  dimensions: number
  labelCount: number
}

/** What `bench --self` times of a method, so that estimates can be made from it. */
export interface TimedPart {
  title: string
  time(tf: TensorFlow): Promise<MachineProfile['steps'][number]>
}

/**
 * A way to predict places: one folder below `models/`, and one line in the registry.
 * Runs know a method by this interface alone.
 */
export interface ModelMethod<Settings> {
  /** Raised when results change: a changed method never answers for an old artefact. */
  version: number
  train(settings: Settings, data: TrainingData, task: TrainingTask): Promise<TrainedModel>
  /**
   * Reads what a trained model has saved; absent where nothing can answer for a new text.
   * @param vectors reads the embedding, where the model was trained on one
   * @param size of what it was trained on, which the files must fit
   * @throws EngineError 'file/damaged'
   */
  load?(directory: string, size: ModelSize, vectors: () => Promise<Matrix>): Promise<TrainedModel>
  /** Milliseconds of training at most, or null where nobody can tell. */
  estimateMs(settings: Settings, size: WorkSize, profile: MachineProfile): number | null
  /** Bytes beyond what any stage takes. */
  resources(
    settings: Settings,
    size: Pick<WorkSize, 'vocabulary' | 'dimensions'>,
  ): { diskBytes: number; memoryBytes: number }
  timedParts?: TimedPart[]
}
