import type { DecisionSettings, PlaceDecision } from '#protocol/models/description.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import { candidatePlaces } from './candidatePlaces.ts'
import { lossOf, lossTable, placeByExpectedLoss, placesOfLabels, type ExpectedLoss } from './expectedLoss.ts'
import type { Posterior } from './posterior.ts'
import { spreadKm } from './spreadKm.ts'

/** Powers among which held-out documents choose. */
const powers = [1, 1.5, 2, 3, 4, 6, 10, 15, 25]
/** Loss scale of `auto`, in median errors of `mean` on held-out documents. */
const scaleInErrors = 1.5
/** Held-out documents that choose, at most: more change nothing. */
const mostHeldOut = 2000

/** What a model says of documents that it was not trained on. */
export interface HeldOut {
  documents: Int32Array
  posterior: Posterior
}

export interface TrainingPlaces {
  train: Int32Array
  points: Points
  /** The label of each document, of every fold. */
  of: Int32Array
  centres: Points
  /** Share of each label that the model was trained towards. */
  prior: Float64Array
}

/** What a decision is fitted to; `heldOut` null: nothing can be chosen. */
interface Fitting extends TrainingPlaces {
  candidates: Points
  heldOut: HeldOut | null
}

interface Fitted {
  fitted: ExpectedLoss
  /** Mean loss on the held-out documents; null without them. */
  heldOutLoss: number | null
  /** Median error on them. */
  heldOutMedianKm: number | null
}

/**
 * Fits a decision by least expected loss: among some powers that of least mean loss on held-out documents. The scale of
 * `median` is 1.5 times the median error that `mean` leaves there: a loss tells errors apart up to about its scale.
 * @param heldOut null, or of no document: the power is 1, and the scale the spread of the training documents
 */
export async function fitExpectedLoss(
  decision: PlaceDecision,
  { lossScaleKm = 'auto', sharpen = 'auto' }: Pick<DecisionSettings, 'lossScaleKm' | 'sharpen'>,
  places: TrainingPlaces,
  heldOut: HeldOut | null,
  context: StageContext,
): Promise<Fitted> {
  const candidates = await candidatePlaces(pointsAt(places, places.train), context)
  const fitting = { ...places, candidates, heldOut: heldOut && firstOf(heldOut, mostHeldOut) }
  if (decision === 'mean') return fitPower('mean', null, sharpen, fitting, context)
  return fitPower(
    'median',
    lossScaleKm === 'auto' ? await chosenScaleKm(fitting, context) : lossScaleKm,
    sharpen,
    fitting,
    context,
  )
}

async function chosenScaleKm(fitting: Fitting, context: StageContext): Promise<number> {
  const { heldOutMedianKm } = fitting.heldOut
    ? await fitPower('mean', null, 'auto', fitting, context)
    : { heldOutMedianKm: null }
  return heldOutMedianKm ? scaleInErrors * heldOutMedianKm : spreadKm(pointsAt(fitting, fitting.train), context)
}

async function fitPower(
  decision: PlaceDecision,
  lossScaleKm: number | null,
  sharpen: number | 'auto',
  fitting: Fitting,
  context: StageContext,
): Promise<Fitted> {
  const { train, points, of, centres, prior, candidates, heldOut } = fitting
  const losses = await lossTable(
    candidates,
    points,
    placesOfLabels(train, of, centres.lat.length),
    lossScaleKm,
    context,
  )
  const withPower = (power: number): ExpectedLoss => ({
    decision,
    lossScaleKm,
    sharpen: power,
    prior,
    candidates,
    losses,
  })
  if (!heldOut) return { fitted: withPower(sharpen === 'auto' ? 1 : sharpen), heldOutLoss: null, heldOutMedianKm: null }
  let best: (Fitted & { heldOutLoss: number }) | null = null
  for (const power of sharpen === 'auto' ? powers : [sharpen]) {
    const fitted = withPower(power)
    const guess = await placeByExpectedLoss(heldOut.posterior, fitted, context)
    const errorsKm = Float64Array.from(heldOut.documents, (document, i) =>
      haversineKm(points.lat[document]!, points.lon[document]!, guess.lat[i]!, guess.lon[i]!),
    )
    const heldOutLoss = errorsKm.reduce((sum, errorKm) => sum + lossOf(errorKm, lossScaleKm), 0) / errorsKm.length
    if (!best || heldOutLoss < best.heldOutLoss)
      best = { fitted, heldOutLoss, heldOutMedianKm: errorsKm.sort()[errorsKm.length >> 1]! }
  }
  return best!
}

/** The first documents, or null where there are none. */
function firstOf({ documents, posterior: { labelCount, logProbabilities } }: HeldOut, most: number): HeldOut | null {
  if (documents.length === 0) return null
  const count = Math.min(documents.length, most)
  return {
    documents: documents.subarray(0, count),
    posterior: { labelCount, logProbabilities: logProbabilities.subarray(0, count * labelCount) },
  }
}
