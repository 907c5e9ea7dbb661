import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import type { ModelPredictions } from '../method.ts'
import { decideLabels } from './decide.ts'
import { placeByExpectedLoss } from './expectedLoss.ts'
import type { PlaceRule } from './placeRule.ts'
import { mostProbableLabels } from './posterior.ts'

/**
 * Where documents are placed: at the centre of the label that the rule takes, at the place that it takes, or, without
 * labels, at the model's own guess.
 * @param centres of labels
 * @returns the label of each document (the most probable one where the rule takes a place), null without labels, and its place
 */
export async function placeDocuments(
  { posterior, coordinates }: ModelPredictions,
  centres: Points | null,
  rule: PlaceRule,
  context: Pick<StageContext, 'signal'>,
): Promise<{ labels: Int32Array | null; guess: Points }> {
  if (!posterior) return { labels: null, guess: coordinates! }
  if (typeof rule !== 'string')
    return { labels: mostProbableLabels(posterior), guess: await placeByExpectedLoss(posterior, rule, context) }
  // Half a gigabyte of libraries is not loaded for what needs none.
  const labels =
    rule === 'most-probable'
      ? mostProbableLabels(posterior)
      : decideLabels((await loadTensorFlow()).tf, posterior, centres!, rule)
  return {
    labels,
    guess: {
      lat: Float64Array.from(labels, (label) => centres!.lat[label]!),
      lon: Float64Array.from(labels, (label) => centres!.lon[label]!),
    },
  }
}
