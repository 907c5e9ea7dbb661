import type { PlaceDecision } from '#protocol/models/description.ts'
import type { StageContext } from '#engine/context.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import type { Points } from '#engine/geo/points.ts'
import { pause } from '#engine/pause.ts'
import type { Posterior } from './posterior.ts'

/** What a decision by least expected loss goes by; it is kept beside the model. */
export interface ExpectedLoss {
  decision: PlaceDecision
  /** Of the loss 1 - exp(-d / scale); null where the loss is the distance itself. */
  lossScaleKm: number | null
  /** Power of the likelihood ratio. */
  sharpen: number
  /** Share of each label in training, as the model was trained towards it. */
  prior: Float64Array
  candidates: Points
  /** Mean loss of a candidate over places of a label, candidates x labels. */
  losses: Float32Array
}

/** Places of a label over which a candidate's loss is averaged, at most. */
const placesPerLabel = 64

/** Multiplications between two pauses: some tens of milliseconds. */
const workBetweenPauses = 20_000_000

/** Training places of each label, evenly spaced in the order of the documents: those of label l at `starts[l]` and on. */
export function placesOfLabels(
  train: Int32Array,
  of: Int32Array,
  labelCount: number,
): { starts: Int32Array; documents: Int32Array } {
  const members = Array.from({ length: labelCount }, () => [] as number[])
  for (const document of train) members[of[document]!]!.push(document)
  const chosen = members.map((own) => {
    const taken = Math.min(own.length, placesPerLabel)
    return Array.from({ length: taken }, (_, i) => own[Math.floor((i * own.length) / taken)]!)
  })
  const starts = new Int32Array(labelCount + 1)
  chosen.forEach((own, label) => (starts[label + 1] = starts[label]! + own.length))
  return { starts, documents: Int32Array.from(chosen.flat()) }
}

/** The loss of a distance. */
export const lossOf = (km: number, lossScaleKm: number | null) =>
  lossScaleKm === null ? km : 1 - Math.exp(-km / lossScaleKm)

/** Mean loss of each candidate over the places of each label; a label without places is never likely, and loses nothing. */
export async function lossTable(
  candidates: Points,
  points: Points,
  { starts, documents }: ReturnType<typeof placesOfLabels>,
  lossScaleKm: number | null,
  context: Pick<StageContext, 'signal'>,
): Promise<Float32Array> {
  const labelCount = starts.length - 1
  const losses = new Float32Array(candidates.lat.length * labelCount)
  let work = 0
  for (let c = 0; c < candidates.lat.length; c++) {
    for (let label = 0; label < labelCount; label++) {
      let sum = 0
      for (let i = starts[label]!; i < starts[label + 1]!; i++) {
        sum += lossOf(
          haversineKm(candidates.lat[c]!, candidates.lon[c]!, points.lat[documents[i]!]!, points.lon[documents[i]!]!),
          lossScaleKm,
        )
      }
      losses[c * labelCount + label] = sum / Math.max(1, starts[label + 1]! - starts[label]!)
    }
    work += 50 * documents.length
    if (work < workBetweenPauses) continue
    work = 0
    await pause(context)
  }
  return losses
}

/**
 * Places documents where the expected loss is least: argmin over candidates c of sum over labels l of losses[c, l] a(l),
 * with a ~ prior (posterior / prior)^sharpen. Words of a text are not independent, nor is a model's certainty right: the
 * power says how far to trust it. Ties go to the lower candidate.
 */
export async function placeByExpectedLoss(
  { labelCount, logProbabilities }: Posterior,
  { sharpen, prior, candidates, losses }: ExpectedLoss,
  context: Pick<StageContext, 'signal'>,
): Promise<Points> {
  const count = logProbabilities.length / labelCount
  const guess: Points = { lat: new Float64Array(count), lon: new Float64Array(count) }
  const logPrior = prior.map(Math.log)
  let work = 0
  for (let row = 0; row < count; row++) {
    const own = logProbabilities.subarray(row * labelCount, (row + 1) * labelCount)
    const best = candidateOf(own, { sharpen, logPrior, losses })
    guess.lat[row] = candidates.lat[best]!
    guess.lon[row] = candidates.lon[best]!
    work += losses.length
    if (work < workBetweenPauses) continue
    work = 0
    await pause(context)
  }
  return guess
}

/** The candidate of least expected loss for a document's logarithms of probabilities. */
export function candidateOf(
  logProbabilities: Float32Array,
  { sharpen, logPrior, losses }: { sharpen: number; logPrior: Float64Array; losses: Float32Array },
): number {
  const likely = new Float64Array(logPrior.length)
  // In logarithms throughout: a power of 25 leaves no ratio within what a number holds.
  let greatest = -Infinity
  for (let label = 0; label < likely.length; label++) {
    likely[label] = logPrior[label]! + sharpen * (logProbabilities[label]! - logPrior[label]!)
    if (likely[label]! > greatest) greatest = likely[label]!
  }
  for (let label = 0; label < likely.length; label++) likely[label] = Math.exp(likely[label]! - greatest)
  return leastExpected(losses, likely)
}

/** The row of least product with the weights, which need no sum of one. */
function leastExpected(losses: Float32Array, weights: Float64Array): number {
  const labelCount = weights.length
  let best = 0
  let least = Infinity
  for (let at = 0, candidate = 0; at < losses.length; at += labelCount, candidate++) {
    let risk = 0
    for (let label = 0; label < labelCount; label++) risk += losses[at + label]! * weights[label]!
    if (risk < least) {
      least = risk
      best = candidate
    }
  }
  return best
}
