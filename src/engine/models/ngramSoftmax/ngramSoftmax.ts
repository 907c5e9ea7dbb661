import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import type { StageContext } from '#engine/context.ts'
import { fitExpectedLoss, type HeldOut } from '#engine/models/learning/fitExpectedLoss.ts'
import type { ModelMethod, TrainedModel, TrainingData } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { contributionsOf } from './contributions.ts'
import { readProblem, solve, type Optimiser } from './fitModel.ts'
import { featureSettings, posteriorOf, type LinearModel } from './linearModel.ts'
import { loadLinearModel, saveLinearModel } from './linearModelFiles.ts'
import { Vectoriser } from './vectoriser.ts'

/** Training documents at most of the dual form: its kernel holds their square. */
const mostDual = 5000
/** Share of the training documents that is held out where there is no development fold. */
const innerShare = 0.15

/** Softmax regression over words and n-grams of characters; docs/methods.md has the sources. */
export const ngramSoftmax: ModelMethod<NgramSoftmaxSettings> = {
  version: 1,

  async train(settings, data, { seed, context }) {
    const { documents, train, dev } = data
    const inner = dev.length > 0 ? { train, heldOut: dev } : divided(train, seed!)
    const optimisers = optimisersOf(settings, inner.train.length)
    let problem = await readProblem(settings, data, inner.train, context)
    const tried: { model: LinearModel; heldOut: HeldOut; errorKm: number }[] = []
    for (const optimiser of optimisers) {
      const model = await solve(problem, settings, optimiser, seed!, context)
      const heldOut = { documents: inner.heldOut, posterior: await posteriorOf(model, problem.vectoriser, documents, inner.heldOut, context) }
      tried.push({ model, heldOut, errorKm: optimisers.length === 1 ? 0 : await meanErrorOf(model, heldOut, { ...data, train: inner.train }, context) })
    }
    const best = tried.reduce((best, one) => (one.errorKm < best.errorKm ? one : best))
    const { optimiser } = best.model.settings
    if (tried.length > 1) context.note(`${optimiser} was best of ${optimisers.join(', ')} on ${inner.heldOut.length} held-out documents.`)
    if (dev.length > 0) return trainedLinear(best.model, problem.vectoriser, null)
    // What was held out to choose by is trained on as well, once all is chosen.
    problem = await readProblem(settings, data, train, context)
    return trainedLinear(await solve(problem, settings, optimiser as Optimiser, seed!, context), problem.vectoriser, best.heldOut)
  },

  async load(directory, size) {
    const model = await loadLinearModel(directory, size)
    return trainedLinear(model, new Vectoriser(model.features, featureSettings(model.settings, model.tokenisation)), null)
  },

  // Seconds to minutes where training a network takes hours.
  estimateMs: () => 0,

  resources: () => ({ diskBytes: 256 << 20, memoryBytes: 1 << 30 }),
}

function optimisersOf({ optimiser }: NgramSoftmaxSettings, documents: number): Optimiser[] {
  if (optimiser !== 'auto') return [optimiser]
  return documents <= mostDual ? ['sgd', 'adagrad', 'dual'] : ['sgd', 'adagrad']
}

/** Parts training documents by chance. */
function divided(train: Int32Array, seed: number): { train: Int32Array; heldOut: Int32Array } {
  const order = Int32Array.from(train)
  seededRandom(seed, 2).shuffle(order)
  const size = Math.round(innerShare * train.length)
  return { train: order.slice(size).sort(), heldOut: order.slice(0, size).sort() }
}

/** Mean error in kilometres: the same measure for all, where the loss of `median` has a scale by the model. */
async function meanErrorOf(model: LinearModel, heldOut: HeldOut, { train, points, labels }: Pick<TrainingData, 'train' | 'points' | 'labels'>, context: StageContext): Promise<number> {
  return (await fitExpectedLoss('mean', {}, { train, points, ...labels!, prior: model.prior }, heldOut, context)).heldOutLoss!
}

function trainedLinear(model: LinearModel, vectoriser: Vectoriser, heldOut: HeldOut | null): TrainedModel {
  return {
    decision: model.settings,
    prior: model.prior,
    heldOut,
    epochs: null,
    predict: async (documents, chosen, context) => ({ posterior: await posteriorOf(model, vectoriser, documents, chosen, context), coordinates: null }),
    explain: ({ text }, label) => Promise.resolve({ attention: null, occlusion: null, contributions: contributionsOf(model, vectoriser, text, label!) }),
    save: (directory) => saveLinearModel(directory, model),
  }
}
