import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import type { StageContext } from '#engine/context.ts'
import { targetsOf, type Targets } from '#engine/models/learning/targets.ts'
import type { TrainingData } from '#engine/models/method.ts'
import { fitFeatures, type Features } from './features.ts'
import { featureSettings, quantised, type LinearModel } from './linearModel.ts'
import { trainDual } from './trainDual.ts'
import { trainStochastic, type SoftmaxProblem } from './trainStochastic.ts'
import { sparseRows, Vectoriser } from './vectoriser.ts'

export type Optimiser = Exclude<NgramSoftmaxSettings['optimiser'], 'auto'>

/** What each optimiser has where the settings leave it out. */
const usual = {
  sgd: { epochs: 8, learningRate: 2, l2: 0 },
  adagrad: { epochs: 5, learningRate: 0.5, l2: 1e-4 },
  dual: { epochs: 25, learningRate: 1, l2: 0.1 },
} satisfies Record<Optimiser, { epochs: number; learningRate: number; l2: number }>

/** A problem that several optimisers can be tried on. */
export interface ReadProblem extends SoftmaxProblem {
  vectoriser: Vectoriser
  features: Features
  tokenisation: LinearModel['tokenisation']
}

/** Reads the training documents; n-grams, weights and targets come from these alone. */
export async function readProblem(
  settings: NgramSoftmaxSettings,
  { documents, tokenisation, points, labels }: Omit<TrainingData, 'train'>,
  train: Int32Array,
  context: StageContext,
): Promise<ReadProblem> {
  const reading = featureSettings(settings, tokenisation)
  const features = await fitFeatures(documents, train, reading, context)
  const vectoriser = new Vectoriser(features, reading)
  const rows = await sparseRows(documents, train, vectoriser, context)
  const target = await targetsOf(settings.targets, { train, points, ...labels! }, context)
  const problem = { rows, columnCount: features.idf.length, documents: train, vectoriser, features, tokenisation }
  return { ...problem, ...asTargets(target) }
}

/** The same documents towards other targets. */
export const asTargets = (targets: Targets): Pick<SoftmaxProblem, 'targets' | 'bias'> => ({
  targets,
  bias: targets.prior.map(Math.log),
})

export async function solve(
  problem: ReadProblem,
  settings: NgramSoftmaxSettings,
  optimiser: Optimiser,
  seed: number,
  context: StageContext,
): Promise<LinearModel> {
  const {
    epochs = usual[optimiser].epochs,
    learningRate = usual[optimiser].learningRate,
    l2 = usual[optimiser].l2,
  } = settings
  const featureDropout = optimiser === 'sgd' ? settings.featureDropout : 0
  const weights =
    optimiser === 'dual'
      ? await trainDual(problem, { epochs, l2 }, context)
      : await trainStochastic(problem, { optimiser, epochs, learningRate, l2, featureDropout, seed }, context)
  const { features, tokenisation, targets } = problem
  const { prior, smoothingKm } = targets
  return {
    settings: { ...settings, optimiser },
    tokenisation,
    features,
    prior,
    smoothingKm,
    ...quantised(weights, prior.length),
  }
}
