import type { Decision } from '#protocol/models/description.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { Points } from '#engine/geo/points.ts'
import type { ModelPredictions } from '../method.ts'
import { decideLabels } from './decide.ts'

/**
 * Where documents are placed: at the centre of the label that the decision takes, or, without labels, at the model's own
 * guess.
 * @param centres of labels
 * @returns the label of each document, null without labels, and its place
 */
export async function placeDocuments(
  { posterior, coordinates }: ModelPredictions,
  centres: Points | null,
  decision: Decision,
): Promise<{ labels: Int32Array | null; guess: Points }> {
  if (!posterior) return { labels: null, guess: coordinates! }
  const { tf } = await loadTensorFlow()
  const labels = decideLabels(tf, posterior, centres!, decision)
  return {
    labels,
    guess: { lat: Float64Array.from(labels, (label) => centres!.lat[label]!), lon: Float64Array.from(labels, (label) => centres!.lon[label]!) },
  }
}
