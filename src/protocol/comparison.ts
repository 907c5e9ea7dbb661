import type { Oracle } from './labelSets.ts'
import type { LabelMethodName } from './labels/labels.ts'
import type { ModelTask } from './models/description.ts'
import type { ModelMethodName } from './models/models.ts'

/** Shapes of a comparison of finished runs. Shares are 0-1; null where there is no number. */

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
  settings: {
    mentions: string
    hashtags: string
    placeNames: string
    stopwords: string
    replacementTokens: string
    splitBy: string
  }
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
