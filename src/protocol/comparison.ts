import type { Oracle } from './labelSets.ts'
import type { LabelMethodName } from './labels/labels.ts'
import type { ModelTask } from './models/description.ts'
import type { ModelMethodName } from './models/models.ts'

/** Shapes of a comparison of finished runs. Shares are 0-1; null where there is no number. */

export interface MetricValues {
  accuracy: number | null
  accuracyAt161Km: number
  /** Share of documents placed in their own country; left out where all test documents lie in one. */
  accuracyAtCountry?: number
  meanErrorKm: number
  medianErrorKm: number
}

/** Metrics that every comparison has, and in which conditions are held against each other. */
export type MetricName = Exclude<keyof MetricValues, 'accuracyAtCountry'>
export const metricNames: readonly MetricName[] = ['accuracy', 'accuracyAt161Km', 'meanErrorKm', 'medianErrorKm']

/** Every metric that tables may tell. */
export type ToldMetric = keyof MetricValues

export type Interval = [number, number]

/** Radii in kilometres beside 161 for which the share of errors strictly under them is told. */
export const nearRadiiKm = ['25', '50', '100'] as const
export type NearRadiusKm = (typeof nearRadiiKm)[number]

/** A label scheme and a model of an experiment, by their names and by what they are: colours and dashes come from the latter. */
export interface ConditionName {
  /** null: the model needs no labels. */
  labels: string | null
  model: string
  /** The variant of the texts, where the experiment lists some and the model can tell them apart. */
  preprocess?: string
  labelsMethod: LabelMethodName | null
  method: ModelMethodName
  tasks: ModelTask[]
}

/** How often the regions of some test documents hold their place. */
export interface Coverage {
  documents: number
  coverage: number
  /** Of 95 %, by place. */
  interval: Interval
}

/** Regions of a level: labels whose territory should hold the place of as large a share of texts like the corpus's. */
export interface RegionResult extends Coverage {
  level: number
  medianAreaKm2: number
  meanAreaKm2: number
  /** The same from labels in the order of their probability, and by one threshold on probability a square kilometre. */
  beside: ({ by: 'probability' | 'threshold'; medianAreaKm2: number; meanAreaKm2: number } & Coverage)[]
  /** By inhabitants of the nearest settlement: from `population` on, up to the next one's. */
  bySettlement: ({ population: number } & Coverage)[]
  /** By country and first-level division of the nearest settlement, largest first. */
  byRegion: ({ region: string } & Coverage)[]
}

/** How well probabilities are what they say, on the test fold. */
export interface Reliability {
  /** What logarithms of probabilities are divided by. */
  temperature: number
  /** Mean negative log-likelihood of the true label, and mean sum of squared errors of the probabilities. */
  nll: number
  brier: number
  /** The same before the temperature. */
  raw: { nll: number; brier: number }
  /** Of "the place is within 161 km of the guess": mean probability and share in ten classes of like size. */
  within161Km: { documents: number; expected: number; observed: number }[]
  /** Mean distance of expected and observed, weighted by documents. */
  calibrationError: number
  calibrationDocuments: number
}

/** What `evaluation.uncertainty` asks for, averaged over a condition's runs. */
export interface UncertaintyResult {
  reliability: Reliability
  regions: RegionResult[]
}

export interface ConditionResult extends ConditionName, MetricValues, Partial<UncertaintyResult> {
  labelCount: number | null
  /** Empty where the method is deterministic: it runs once. */
  seeds: number[]
  perSeed: ({ seed: number } & MetricValues)[]
  /** Metrics in which it is better than every other condition, by differences that hold, and than every floor. */
  bestIn: MetricName[]
  intervals: Partial<Record<ToldMetric, Interval>>
  /** Shares of errors under 25, 50 and 100 km: comparable across schemes, as kilometres are. */
  accuracyWithinKm: Record<NearRadiusKm, number>
  coordinatesHead: { accuracyAt161Km: number; meanErrorKm: number; medianErrorKm: number } | null
  oracle: Oracle | null
  /** What the model adds to the error of a classifier that is always right about the scheme's label. */
  overOracleKm: { meanErrorKm: number; medianErrorKm: number } | null
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
  intervals: Partial<Record<ToldMetric, Interval>>
}

/** Of two conditions `labels/model` or `labels/model@variant`: b minus a. */
export interface Difference {
  a: string
  b: string
  metric: MetricName
  difference: number
  interval: Interval
  p: number
  /** Whether the experiment file names it as one of its contrasts (`evaluation.contrasts`). */
  contrast: boolean
  /** Holm's correction within a metric: over the contrasts if this is one, else over all pairs. */
  pHolm: number
}

export interface TestDescription {
  documents: number
  unit: 'author' | 'place' | 'document'
  clusters: number
  resamples: number
}

export interface Comparison {
  experiment: string
  synthetic: boolean
  test: TestDescription
  settings: {
    mentions: string
    hashtags: string
    placeNames: string
    stopwords: string
    replacementTokens: string
    splitBy: string
  }
  /** Paths of the settings in which the variants of the texts differ, such as `preprocess.mentions`; absent where there are none. */
  differing?: string[]
  results: ((ConditionResult | FloorResult) & {
    /** Of these settings, those that this row depends on. */
    settings?: Record<string, SettingValue>
  })[]
  differences: Difference[]
  warnings: string[]
}

/** A value of a setting, as the experiment file has it. */
export type SettingValue = string | number | boolean | null | (string | number | boolean)[]

/** A row of a comparison across experiments. */
export type ExperimentRow = (ConditionResult | FloorResult) & {
  experiment: string
  /** Of the settings in which the experiments differ, those that this row depends on, by their path. */
  settings: Record<string, SettingValue>
}

/** Runs of several experiments on the same test documents. */
export interface ExperimentsComparison {
  experiments: string[]
  synthetic: boolean
  /** Paths of the settings in which the experiments differ, such as `preprocess.mentions`. */
  differing: string[]
  test: TestDescription
  results: ExperimentRow[]
  /** Conditions are called `experiment: labels/model`; the contrasts are those of each file, and like conditions of two experiments. */
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

/** A part of the map that holds some of the test documents. */
export interface TestArea {
  /** The city nearest to its middle. */
  name: string
  /** Median place of its documents. */
  lat: number
  lon: number
  documents: number
  /** What it holds of the map: closed rings of lon,lat degrees. */
  rings: [lon: number, lat: number][][]
}

/** Where one of two conditions is better: differences of the mean error, area by area. */
export interface AreaDifferences {
  experiment: string
  unit: TestDescription['unit']
  resamples: number
  areas: TestArea[]
  /** The study's contrasts. */
  pairs: {
    a: string
    b: string
    /** b minus a in kilometres of mean error, in the order of the areas: negative where b is better. */
    differences: { differenceKm: number; interval: Interval; meanErrorKm: { a: number; b: number } }[]
  }[]
}
