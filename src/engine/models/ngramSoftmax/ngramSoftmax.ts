import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import type { HeldOut } from '#engine/models/learning/fitExpectedLoss.ts'
import type { ModelMethod, TrainedModel } from '#engine/models/method.ts'
import { seededRandom } from '#engine/random.ts'
import { chooseFit } from './chooseFit.ts'
import { contributionsOf } from './contributions.ts'
import { readProblem, solve } from './fitModel.ts'
import { featureSettings, posteriorOf, type LinearModel } from './linearModel.ts'
import { loadLinearModel, saveLinearModel } from './linearModelFiles.ts'
import { portableLinear } from './portableLinear.ts'
import { Vectoriser } from './vectoriser.ts'

/** Share of the training documents that is held out where there is no development fold. */
const innerShare = 0.15

/** Softmax regression over words and n-grams of characters; docs/methods.md has the sources. */
export const ngramSoftmax: ModelMethod<NgramSoftmaxSettings> = {
  version: 1,

  async train(settings, data, { seed, context }) {
    const { train, dev } = data
    const inner = dev.length > 0 ? { train, heldOut: dev } : divided(train, seed!)
    const chosen = await chooseFit(settings, { ...data, train: inner.train }, inner.heldOut, seed!, context)
    if (dev.length > 0) return trainedLinear(chosen.model, chosen.vectoriser, null)
    // What was held out to choose by is trained on as well, once all is chosen.
    const problem = await readProblem({ ...settings, targets: chosen.targets }, data, train, context)
    return trainedLinear(
      await solve(problem, settings, chosen.optimiser, seed!, context),
      problem.vectoriser,
      chosen.heldOut,
    )
  },

  async load(directory, size) {
    const model = await loadLinearModel(directory, size)
    return trainedLinear(
      model,
      new Vectoriser(model.features, featureSettings(model.settings, model.tokenisation)),
      null,
    )
  },

  // Seconds to minutes where training a network takes hours.
  estimateMs: () => 0,

  resources: () => ({ diskBytes: 256 << 20, memoryBytes: 1 << 30 }),
}

/** Parts training documents by chance. */
function divided(train: Int32Array, seed: number): { train: Int32Array; heldOut: Int32Array } {
  const order = Int32Array.from(train)
  seededRandom(seed, 2).shuffle(order)
  const size = Math.round(innerShare * train.length)
  return { train: order.slice(size).sort(), heldOut: order.slice(0, size).sort() }
}

function trainedLinear(model: LinearModel, vectoriser: Vectoriser, heldOut: HeldOut | null): TrainedModel {
  return {
    decision: model.settings,
    prior: model.prior,
    heldOut,
    epochs: null,
    predict: async (documents, chosen, context) => ({
      posterior: await posteriorOf(model, vectoriser, documents, chosen, context),
      coordinates: null,
    }),
    explain: ({ text }, label) =>
      Promise.resolve({
        attention: null,
        occlusion: null,
        contributions: contributionsOf(model, vectoriser, text, label!),
      }),
    portable: () => portableLinear(model),
    save: (directory) => saveLinearModel(directory, model),
  }
}
