import type { ColumnNames } from './experiment.ts'
import type { LabelMethodName } from './labels/labels.ts'
import type { ModelTask } from './models/description.ts'
import type { ModelMethodName } from './models/models.ts'
import type { SourceReading } from './reading.ts'

/** Shapes of what the engine computes, shared by the window and the command line. Shares are 0-1; null where there is no number. */

export type Fold = 'train' | 'dev' | 'test'
export const folds: readonly Fold[] = ['train', 'dev', 'test']

/** `unlocked` is false where no lock was there; `holder` is null also where the lock was damaged. */
export interface UnlockedProject {
  unlocked: boolean
  holder: { host: string; processId: number; processStart: string; since: string } | null
}

export interface ArtefactSummary {
  kind: 'corpus' | 'vocabulary' | 'tokens' | 'labels' | 'embedding' | 'run'
  id: string
  bytes: number
  createdAt: string
  /** Names of the experiments that use it. */
  experiments: string[]
  /** Recipe in one line, for a list. */
  title: string
  /** What is wrong with its files, in words, else null. A damaged artefact counts as missing: a run makes it again. */
  damaged: string | null
}

/** What a project's artefacts are against their manifests. */
export interface Verification {
  artefacts: number
  files: number
  bytes: number
  /** Empty where every file is as it was written. `file` is below the project's folder. */
  damaged: { kind: ArtefactSummary['kind']; id: string; file: string; reason: string }[]
}

export interface CorpusSummary {
  id: string
  name: string
  synthetic: boolean
  documents: Record<Fold, number>
  authors: number | null
  places: number
  rejected: number
  /** How many rejected rows have each reason. */
  rejectedByReason: Record<string, number>
  format: string
  encoding: string
  splitBy: 'author' | 'place' | 'document' | 'files' | 'column' | 'none'
  /** Share of test documents whose rounded coordinate (4 decimals) occurs in training. */
  testPlacesSeen: number | null
  /** Authors with documents in training and in development or test. */
  authorsAcrossFolds: number
  /** Documents whose text an earlier one has; those of them whose earlier one is in another fold; those left out for it. */
  duplicateDocuments: number
  duplicatesAcrossFolds: number
  duplicatesDropped: number
  /** Rows that the corpus's filter left out. */
  filtered: number
  /** Columns of the source beside text, place and author, such as age: they filter and slice. */
  furtherColumns: string[]
  warnings: string[]
}

export type ColumnRole = 'text' | 'latitude' | 'longitude' | 'point' | 'author' | 'fold' | 'answer' | 'question' | 'response' | 'further' | 'personal' | 'unused'

export interface ColumnReading {
  name: string
  role: ColumnRole
  /** A value of it, short; empty for personal columns. */
  sample: string
}

/** A sentence on what a file was taken for; `about` says what to correct where it is wrong. */
export interface ReadingSentence {
  about: 'format' | 'encoding' | 'quote' | 'header' | 'place' | 'text' | 'answers' | 'author' | 'fold' | 'further' | 'personal' | 'rows'
  text: string
}

/** What an import took a file for. */
export interface ImportReading extends SourceReading {
  fold: Fold
  columns: ColumnReading[]
  /** The columns that play a role, as the experiment file names them. */
  chosen: ColumnNames
  rows: {
    taken: number
    filtered: number
    /** By falling number, with what is wrong with one of them. */
    rejected: { reason: string; rows: number; example: string }[]
    /** Whether the whole file was read, or its first rows. */
    complete: boolean
  }
  sentences: ReadingSentence[]
}

/** A row that was not taken in. */
export interface RejectedRow {
  file: string
  line: number
  reason: string
  explanation: string
  /** How it begins. */
  raw: string
}

export interface ImportPreview {
  format: string
  encoding: string
  columns: string[]
  guessed: ColumnNames
  /** The first ones, to be shown. */
  rows: { lat: number | null; lon: number | null; author: string | null; text: string; problem: string | null }[]
  /** It is the sample generator's work. */
  synthetic: boolean
  /** How many rows were read for the map: at most 1,000. */
  rowsRead: number
  /** Of those with usable coordinates: lon,lat degrees interleaved. */
  lonLat: Float32Array
  warnings: string[]
  /** What each file was taken for, by its first rows. */
  readings: ImportReading[]
}

export interface LabelRow {
  index: number
  name: string
  /** GeoNames city nearest to the label's centre (for P2C: the city that names it). */
  city: string
  country: string
  documents: number
  /** Median latitude and longitude of the label's training points: the headline centre. */
  lat: number
  lon: number
  /** Mean vector of the label's training points. */
  meanLat: number
  meanLon: number
}

/** Errors of a perfect classifier: each document at its own label's centre. */
export interface Oracle {
  accuracyAt161Km: number
  meanErrorKm: number
  medianErrorKm: number
}

export interface LabelSetSummary {
  name: string
  id: string
  method: LabelMethodName
  assign: string
  labelCount: number
  meanToCentreKm: number
  medianToCentreKm: number
  /** Mean over training documents of the distance from their label's centre to its city. */
  centreToCityKm: number
  oracleMedianKm: number
  oracle: Record<'train' | 'dev' | 'test', Oracle | null>
  /** Documents in a label: minimum, quartiles, maximum. */
  sizes: [number, number, number, number, number]
  /** P2C: share of training points whose own label differs from the one `assign` gives. */
  reassigned: number | null
  assignments: string
}

/** How fine the labels of one setting are, and what a classifier without fault would reach with them. */
export type Granularity = ({ method: 'kd-tree'; bucket: number } | { method: 'point2city'; radiusKm: number }) &
  Pick<LabelSetSummary, 'labelCount' | 'meanToCentreKm' | 'medianToCentreKm' | 'centreToCityKm' | 'oracle'>

/** A label set as a map draws it. */
export interface LabelMap {
  summary: LabelSetSummary
  labels: LabelRow[]
  /** Training points, lon,lat degrees interleaved, and the label of each. */
  points: Float32Array
  pointLabels: Int32Array
  /** Border lines of territories: lon,lat vertices; line k is vertices starts[k]..starts[k+1]. */
  borderVertices: Float32Array
  borderStarts: Uint32Array
}

export interface MetricValues {
  accuracy: number | null
  accuracyAt161Km: number
  meanErrorKm: number
  medianErrorKm: number
}
export type MetricName = keyof MetricValues
export const metricNames: readonly MetricName[] = ['accuracy', 'accuracyAt161Km', 'meanErrorKm', 'medianErrorKm']

export type Interval = [number, number]

/** A label scheme and a model of an experiment, by their names and by what they are: colours and dashes come from the latter. */
export interface ConditionName {
  /** null: the model needs no labels. */
  labels: string | null
  model: string
  labelsMethod: LabelMethodName | null
  method: ModelMethodName
  tasks: ModelTask[]
}

export interface ConditionResult extends ConditionName, MetricValues {
  labelCount: number | null
  /** Empty where the method is deterministic: it runs once. */
  seeds: number[]
  perSeed: ({ seed: number } & MetricValues)[]
  /** Metrics in which it is better than every other condition, by differences that hold, and than every floor. */
  bestIn: MetricName[]
  intervals: Partial<Record<MetricName, Interval>>
  coordinatesHead: { accuracyAt161Km: number; meanErrorKm: number; medianErrorKm: number } | null
  oracle: Oracle | null
  /** Errors at test places that training has seen and has not. */
  seenPlaces: { documents: number; medianErrorKm: number | null; meanErrorKm: number | null } | null
  unseenPlaces: { documents: number; medianErrorKm: number | null; meanErrorKm: number | null } | null
  runs: string[]
}

export interface FloorResult extends MetricValues {
  labels: string | null
  model: 'median-point' | 'largest-label'
  labelsMethod: LabelMethodName | null
  method: null
  tasks: []
  labelCount: number | null
  intervals: Partial<Record<MetricName, Interval>>
}

/** Of two conditions `labels/model`: b minus a. */
export interface Difference {
  a: string
  b: string
  metric: MetricName
  difference: number
  interval: Interval
  p: number
  /** Holm's correction over the experiment file's matrix. */
  pHolm: number
}

export interface Comparison {
  experiment: string
  synthetic: boolean
  test: { documents: number; unit: 'author' | 'place' | 'document'; clusters: number; resamples: number }
  settings: { mentions: string; hashtags: string; placeNames: string; stopwords: string; replacementTokens: string; splitBy: string }
  results: (ConditionResult | FloorResult)[]
  differences: Difference[]
  warnings: string[]
}

/** Results on the parts of the test fold that a further column of the corpus makes, such as one for each age. */
export interface ComparisonSlices {
  experiment: string
  column: string
  /** Largest first. */
  slices: {
    /** null: the column is empty there. */
    value: string | null
    documents: number
    /** Of each condition, averaged over its seeds. */
    results: (ConditionName & MetricValues)[]
  }[]
}

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

/** Why a model says what it says of a text, as far as its method can tell; null where it cannot. */
export interface Explanation {
  /** Weights sum to 1; spans are positions of the network, never single words. */
  attention: Attention[] | null
  occlusion: Occlusion[] | null
  /** Exact, not an approximation: they add up to the label's score. */
  contributions: Contribution[] | null
}

export interface Prediction extends Explanation {
  /** null, as the name: the model knows no labels. */
  label: string | null
  name: string | null
  lon: number
  lat: number
  /** Most probable labels; empty where the model knows none. */
  probabilities: [string, number][]
  /** MTL: the coordinate head's own guess. */
  coordinates: { lat: number; lon: number } | null
  /** Words that the model read (those of the vocabulary, up to maxWords of them), and all words of the text; null where it reads the text itself. */
  knownWords: number | null
  words: number | null
}

export interface EpochMetrics {
  epoch: number
  step: number
  trainLoss: number
  /** MTL: mean distance loss of the coordinate head, 0-1. */
  coordinateLoss: number | null
  devLoss: number
  devAccuracy: number
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

export type StageName = 'import' | 'vocabulary' | 'labels' | 'embedding' | 'training' | 'evaluation'

export interface PlanStep {
  stage: StageName
  id: string
  title: string
  /** Done steps are not repeated. */
  state: 'done' | 'missing' | 'partial'
  /** What is wrong with the artefact that is there, and will be made again. */
  damaged?: string
  /** Of training at most, since it stops early; absent before `bench --self`, null where it cannot be told. */
  estimatedMs?: number | null
  labels?: string | null
  model?: string
  seed?: number | null
}

export interface Plan {
  experiment: string
  steps: PlanStep[]
}
