import type { LabelDecision } from '#protocol/models/description.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { nearKm } from '#pure/metricRules.ts'
import { medianOfSorted } from '#pure/quantiles.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import type { Points } from '#engine/geo/points.ts'
import { decideLabels } from './decide.ts'
import { mostProbableLabels, type Posterior } from './posterior.ts'

export interface DevelopmentFold {
  /** Documents' numbers. */
  dev: Int32Array
  /** Of every document. */
  labels: Int32Array
  points: Points
  /** Headline centre of each label. */
  centres: Points
}

/** Loss, accuracy and errors of the development fold by what a classifier says of its documents. */
export function scoreDevelopment(
  tf: TensorFlow,
  predictions: Posterior,
  { dev, labels, points, centres }: DevelopmentFold,
  decision: LabelDecision,
) {
  const probable = mostProbableLabels(predictions)
  const guesses = decideLabels(tf, predictions, centres, decision)
  const errorsKm = Float64Array.from(dev, (document, i) => {
    const guess = guesses[i]!
    return haversineKm(points.lat[document]!, points.lon[document]!, centres.lat[guess]!, centres.lon[guess]!)
  })
  const count = Math.max(1, dev.length)
  let loss = 0
  let right = 0
  dev.forEach((document, i) => {
    // A document to which the scheme gives no label is never right, and has no likelihood.
    if (labels[document]! < 0) return
    loss -= predictions.logProbabilities[i * predictions.labelCount + labels[document]!]! / count
    right += probable[i] === labels[document] ? 1 / count : 0
  })
  return {
    devLoss: loss,
    devAccuracy: right,
    ...errorMetrics(errorsKm),
  }
}

/** Errors of the development fold by a model's own guesses of places, in the order of `dev`. */
export const scoreGuesses = (guess: Points, { dev, points }: Pick<DevelopmentFold, 'dev' | 'points'>) => ({
  devAccuracy: null,
  ...errorMetrics(
    Float64Array.from(dev, (document, i) =>
      haversineKm(points.lat[document]!, points.lon[document]!, guess.lat[i]!, guess.lon[i]!),
    ),
  ),
})

function errorMetrics(errorsKm: Float64Array) {
  const count = Math.max(1, errorsKm.length)
  return {
    devMeanErrorKm: errorsKm.reduce((sum, errorKm) => sum + errorKm, 0) / count,
    devMedianErrorKm: errorsKm.length ? medianOfSorted(errorsKm.slice().sort()) : 0,
    devAccuracyAt161Km: errorsKm.reduce((sum, errorKm) => sum + (errorKm < nearKm ? 1 : 0), 0) / count,
  }
}
