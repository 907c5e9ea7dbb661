import type { ConditionName, UncertaintyResult } from '#protocol/comparison.ts'
import type { Oracle } from '#protocol/labelSets.ts'
import type { Points } from '#engine/geo/points.ts'

/** Labels of a scheme on the test fold, for the conditions that have one. */
export interface TestLabels {
  /** Of the label set's artefact: accuracies over one set are comparable. */
  id: string
  count: number
  oracle: Oracle | null
  /** Of each test document; -1 where the scheme gives it none. */
  of: Int32Array
  largest: { index: number; lat: number; lon: number }
}

/** What a condition was trained on. */
export interface Training {
  /** Of the corpus's artefact. */
  id: string
  points: Points
  /** 1 for each test document whose place training has. */
  seenPlace: Uint8Array
}

/** A label scheme and a model, with what their runs guessed of the test fold; element i of every array is test document i. */
export interface Condition extends ConditionName {
  experiment: string
  training: Training
  /** null: the model needs no labels. */
  scheme: TestLabels | null
  /** Where its runs were calibrated. */
  uncertainty?: UncertaintyResult
  runs: {
    id: string
    seed: number | null
    predictedLabel: Int32Array | null
    guess: Points
    coordinatesHead: Points | null
  }[]
}

/** Countries, where the test documents lie in more than one. */
export interface TestCountries {
  /** Of each test document. */
  of: string[]
  find(points: Points): string[]
}

/** A condition's name alone. */
export const nameOf = ({ labels, model, preprocess, labelsMethod, method, tasks }: ConditionName): ConditionName => ({
  labels,
  model,
  ...(preprocess === undefined ? {} : { preprocess }),
  labelsMethod,
  method,
  tasks,
})
