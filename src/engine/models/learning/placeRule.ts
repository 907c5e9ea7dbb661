import type { DecisionSettings, LabelDecision, PlaceDecision } from '#protocol/models/description.ts'
import type { StageContext } from '#engine/context.ts'
import type { ModelPredictions, TrainedModel, TrainingData } from '#engine/models/method.ts'
import type { ExpectedLoss } from './expectedLoss.ts'
import { loadExpectedLoss } from './expectedLossFiles.ts'
import { fitExpectedLoss } from './fitExpectedLoss.ts'

/** How a posterior becomes a place: by a label, or by what a decision for a place has learnt. */
export type PlaceRule = LabelDecision | ExpectedLoss

const takesPlace = (decision: DecisionSettings['decision']): decision is PlaceDecision =>
  decision === 'mean' || decision === 'median'

/** The decision for a label that stands in where places are not decided yet, as after an epoch of training. */
export const labelDecision = (decision: DecisionSettings['decision']): LabelDecision =>
  takesPlace(decision) ? 'least-risk' : decision

/**
 * Fits a trained model's rule to the development fold, or to what training itself had held out.
 * @param predictions of documents of which the first are the development fold
 */
export async function fitPlaceRule(
  model: TrainedModel,
  predictions: ModelPredictions,
  data: TrainingData,
  context: StageContext,
): Promise<PlaceRule> {
  const { decision } = model.decision
  if (!takesPlace(decision) || !predictions.posterior) return labelDecision(decision)
  const { of, centres } = data.labels!
  const { labelCount, logProbabilities } = predictions.posterior
  const development = {
    documents: data.dev,
    posterior: { labelCount, logProbabilities: logProbabilities.subarray(0, data.dev.length * labelCount) },
  }
  const heldOut = data.dev.length > 0 ? development : (model.heldOut ?? null)
  const places = {
    train: data.train,
    points: data.points,
    of,
    centres,
    prior: model.prior ?? sharesOf(data.train, of, labelCount),
  }
  const { fitted, heldOutLoss } = await fitExpectedLoss(decision, model.decision, places, heldOut, context)
  const scale = fitted.lossScaleKm === null ? '' : `, loss scale ${fitted.lossScaleKm.toFixed(1)} km`
  const by =
    heldOutLoss === null
      ? 'no document was held out to choose by'
      : `of ${heldOut!.documents.length} held-out documents`
  context.note(
    `Places by least expected loss (${decision}): ${fitted.candidates.lat.length} candidates${scale}, sharpened to the power ${fitted.sharpen} (${by}).`,
  )
  return fitted
}

function sharesOf(train: Int32Array, of: Int32Array, labelCount: number): Float64Array {
  const counts = new Float64Array(labelCount)
  for (const document of train) counts[of[document]!]!++
  return counts.map((count) => Math.max(count, 0.5) / train.length)
}

/**
 * The rule of a run that was saved.
 * @throws EngineError 'file/damaged'
 */
export const loadPlaceRule = (
  directory: string,
  { decision }: DecisionSettings,
  labelCount: number,
): Promise<PlaceRule> =>
  takesPlace(decision) ? loadExpectedLoss(directory, decision, labelCount) : Promise.resolve(decision)
