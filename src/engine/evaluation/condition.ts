import type { Oracle } from '#protocol/results.ts'
import type { Points } from '#engine/geo/points.ts'

/** A label scheme and a model, with what their runs guessed of the test fold; element i of every array is test document i. */
export interface Condition {
  labels: string
  model: string
  labelCount: number
  oracle: Oracle | null
  trueLabel: Int32Array
  largestLabel: { index: number; lat: number; lon: number }
  runs: { id: string; seed: number; predictedLabel: Int32Array; guess: Points; coordinatesHead: Points | null }[]
}
