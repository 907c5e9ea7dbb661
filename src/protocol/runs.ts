import type { ConditionName } from './comparison.ts'
import type { Fold } from './corpus.ts'

/** Shapes of runs: how they learnt, what they predict and why. Shares are 0-1; null where there is no number. */

/** A weight of a pooled position, which covers `start` to `end` (UTF-16 offsets) and sees more. */
export interface Attention {
  start: number
  end: number
  weight: number
  seesStart: number
  seesEnd: number
}

/** Change of the label's log-odds when a word is taken out: negative where the word speaks for the label. */
export interface Occlusion {
  start: number
  end: number
  change: number
}

/** What a span of the text adds to the log-probability of the label, less what it adds to the others' on average. */
export interface Contribution {
  start: number
  end: number
  value: number
}

/** A run that was made again. */
export interface Replay {
  /** To the bit. */
  same: boolean
  /** What differs, and what was different about the machine; empty where nothing is. */
  differs: string[]
}

/** Why a model says what it says of a text, as far as its method can tell; null where it cannot. */
export interface Explanation {
  /** Weights sum to 1; spans are positions of the network, never single words. */
  attention: Attention[] | null
  occlusion: Occlusion[] | null
  /** Exact, not an approximation: they add up to the label's score. */
  contributions: Contribution[] | null
}

export interface PredictedRegion {
  level: number
  /** As `label` has them. */
  labels: string[]
  areaKm2: number
}

/**
 * A bivariate Gaussian of a density over the map, in degrees: standard deviations of latitude and of longitude, and their
 * correlation. Weights of a mixture sum to 1.
 */
export interface DensityComponent {
  weight: number
  lat: number
  lon: number
  latDeviation: number
  lonDeviation: number
  correlation: number
}

export interface Prediction extends Explanation {
  /** null, as the name: the model knows no labels. */
  label: string | null
  name: string | null
  lon: number
  lat: number
  /** Of the label; the one of least expected loss need not be among the most probable ones. null without labels. */
  probability: number | null
  /** Most probable labels; empty where the model knows none. */
  probabilities: [string, number][]
  /**
   * Of a run that was calibrated: the labels whose territories hold the place of such a share of texts like its corpus, the
   * likeliest by area first, and how large they are together.
   */
  regions?: PredictedRegion[]
  /** Of a model that answers with a density: the mixture whose highest mode is the place, the heaviest Gaussian first. */
  density?: DensityComponent[]
  /** Beside labels: the coordinate head's own guess. */
  coordinates: { lat: number; lon: number } | null
  /** Words that the model read (those of the vocabulary, up to maxWords of them), and all words of the text; null where it reads the text itself. */
  knownWords: number | null
  words: number | null
}

/** What a network attends to in the documents for which one label is the most probable. Weights are relative to a document's uniform one. */
export interface LabelAttention {
  label: number
  name: string
  /** GeoNames city nearest to the label's centre, and that centre. */
  city: string
  lat: number
  lon: number
  documents: number
  /** Positions with most attention, each with the corpus row of its document. */
  spans: { words: string; weight: number; row: number }[]
  /** Words with most attention above the uniform one in all, of those in two documents or more; their mean weight. */
  words: { word: string; weight: number; documents: number }[]
  /** Words that add most to the label's log-odds: the mean over documents of what these lose without the word. */
  effects: { word: string; effect: number; documents: number }[]
}

/** Attention of a network in all test documents of its run. */
export interface RunAttention {
  /** Corpus row of each test document. */
  rows: Int32Array
  /** Positions of document i are weights offsets[i] to offsets[i + 1]. */
  offsets: Uint32Array
  /** Relative to the document's uniform weight. */
  weights: Float32Array
  /** Kept words that a position covers. */
  wordsPerPosition: number
  /** The words of each document's position with most attention. */
  peaks: string[]
  /** Of labels that are the most probable of some document. */
  labels: LabelAttention[]
}

export interface EpochMetrics {
  epoch: number
  step: number
  trainLoss: number
  /** Beside labels: mean distance loss of the coordinates, 0-1. */
  coordinateLoss: number | null
  devLoss: number
  /** null without labels. */
  devAccuracy: number | null
  devMeanErrorKm: number
  devMedianErrorKm: number
  devAccuracyAt161Km: number
  documentsPerSecond: number
  elapsedMs: number
  best: boolean
}

export interface RunSummary extends ConditionName {
  id: string
  experiment: string
  /** null: the method is deterministic and runs once. */
  seed: number | null
  status: 'finished' | 'partial' | 'missing'
}

/** Test errors of one run, row by row. */
export interface RunErrors {
  run: RunSummary
  documents: number
  /** Corpus row of each test document. */
  rows: Int32Array
  errorKm: Float32Array
  /** Label of each document's own place, and that of the place where it was put; null where the model knows no labels. */
  labels: Int32Array | null
  guessedLabels: Int32Array | null
  trueLonLat: Float32Array
  guessLonLat: Float32Array
}

export interface WordNeighbour {
  word: string
  /** Occurrences in training. */
  count: number
  cosine: number
}

export interface DocumentView {
  row: number
  fold: Fold
  author: string | null
  text: string
  lat: number
  lon: number
}
