import { EngineError } from '#protocol/errors.ts'
import type { TargetSettings } from '#protocol/models/description.ts'
import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import { fitExpectedLoss, type HeldOut } from '#engine/models/learning/fitExpectedLoss.ts'
import { spreadKm } from '#engine/models/learning/spreadKm.ts'
import { smoothingShares, targetsOf } from '#engine/models/learning/targets.ts'
import type { TrainingData } from '#engine/models/method.ts'
import { asTargets, readProblem, solve, type Optimiser } from './fitModel.ts'
import { posteriorOf, type LinearModel } from './linearModel.ts'
import type { Vectoriser } from './vectoriser.ts'

/** Training documents at most of the dual form: its kernel holds their square. */
export const mostDual = 5000

/** One choice of what is `auto`, and what came of it. */
interface Trial {
  optimiser: Optimiser
  targets: TargetSettings
  model: LinearModel
  heldOut: HeldOut
  /** Mean error of the held-out documents: the same measure for all, where the loss of `median` has a scale by the model. */
  errorKm: number
}

/**
 * Chooses optimiser and scale of the targets, where they are `auto`: first the optimiser, then the scale by the best one.
 * @param data with the training documents that the trials may see
 * @param heldOut documents by which they are judged
 * @throws EngineError 'training/too-many-documents' for the dual form
 */
export async function chooseFit(
  settings: NgramSoftmaxSettings,
  data: TrainingData,
  heldOut: Int32Array,
  seed: number,
  context: StageContext,
): Promise<Pick<Trial, 'optimiser' | 'targets' | 'model' | 'heldOut'> & { vectoriser: Vectoriser }> {
  const { train, points, labels, documents } = data
  if (settings.optimiser === 'dual' && train.length > mostDual) {
    const message = `There are ${train.length} training documents; optimiser: dual takes at most ${mostDual}. Choose adagrad, sgd or auto.`
    throw new EngineError('training/too-many-documents', message, { documents: train.length, most: mostDual })
  }
  const places = { train, points, ...labels! }
  const spread = await spreadKm(pointsAt(data, train), context)
  const problem = await readProblem(settings, data, train, context)
  const trials: Trial[] = []
  const attempt = async (optimiser: Optimiser, targets: TargetSettings) => {
    const own = { ...problem, ...asTargets(await targetsOf(targets, places, context)) }
    const model = await solve(own, settings, optimiser, seed, context)
    const said = {
      documents: heldOut,
      posterior: await posteriorOf(model, problem.vectoriser, documents, heldOut, context),
    }
    const { heldOutLoss } = await fitExpectedLoss('mean', {}, { ...places, prior: model.prior }, said, context)
    trials.push({ optimiser, targets, model, heldOut: said, errorKm: heldOutLoss ?? 0 })
  }
  const best = () => trials.reduce((best, one) => (one.errorKm < best.errorKm ? one : best))

  const [first, usual, last] = smoothingShares.map((share): TargetSettings => ({ smoothingKm: share * spread }))
  const open = settings.targets !== 'hard' && settings.targets.smoothingKm === 'auto'
  for (const optimiser of optimisersOf(settings, train.length))
    await attempt(optimiser, open ? usual! : settings.targets)
  const { optimiser } = best()
  if (open && heldOut.length > 0) for (const targets of [first!, last!]) await attempt(optimiser, targets)
  const chosen = best()
  if (trials.length > 1)
    context.note(
      `Chosen on ${heldOut.length} held-out documents among ${trials.length} trials: ${inWords(chosen)}, mean error ${chosen.errorKm.toFixed(1)} km.`,
    )
  return { ...chosen, vectoriser: problem.vectoriser }
}

const inWords = ({ optimiser, model }: Trial) =>
  `optimiser ${optimiser}, targets ${model.smoothingKm === null ? 'hard' : `smoothed over ${model.smoothingKm.toFixed(1)} km`}`

function optimisersOf({ optimiser }: NgramSoftmaxSettings, documents: number): Optimiser[] {
  if (optimiser !== 'auto') return [optimiser]
  return documents <= mostDual ? ['sgd', 'adagrad', 'dual'] : ['sgd', 'adagrad']
}
