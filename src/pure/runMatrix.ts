import type { Experiment } from '#protocol/experiment.ts'
import { needsOf } from '#protocol/models/models.ts'
import { partsOf } from './ensembleParts.ts'
import { modelOnVariant, variantsOfModel } from './textVariants.ts'

/** One run of an experiment: a cell of its matrix and a seed. */
export interface MatrixRun {
  /** null: the model needs no labels. */
  labels: string | null
  model: string
  /** The variant of the texts, where there are some that the model can tell apart. */
  preprocess?: string
  /** null: the method is deterministic, and runs once. */
  seed: number | null
}

/** The schemes and models that the matrix crosses: those it names, else all. */
export function matrixOf({ labels, models, matrix }: Experiment) {
  return {
    labels: matrix.labels ?? Object.keys(labels),
    models: matrix.models ?? Object.keys(models),
    seeds: matrix.seeds,
  }
}

/** Every run that an experiment asks for: schemes, then models, then variants of the texts, then seeds; models without labels come last, once each. */
export function runMatrix(experiment: Experiment): MatrixRun[] {
  const matrix = matrixOf(experiment)
  const needs = new Map(matrix.models.map((model) => [model, needsOf(experiment.models[model]!)]))
  const runsOf = (labels: string | null, model: string): MatrixRun[] =>
    variantsOfModel(experiment, model).flatMap((preprocess) =>
      (hasSeeds(experiment, model) ? matrix.seeds : [null]).map((seed) => ({
        labels,
        model,
        ...(preprocess === undefined ? {} : { preprocess }),
        seed,
      })),
    )
  const withLabels = matrix.models.filter((model) => needs.get(model)!.labels)
  const without = matrix.models.filter((model) => !needs.get(model)!.labels)
  return [
    ...matrix.labels.flatMap((labels) => withLabels.flatMap((model) => runsOf(labels, model))),
    ...without.flatMap((model) => runsOf(null, model)),
  ]
}

/** Whether a model runs once a seed: by itself, or since one that it averages does. */
const hasSeeds = (experiment: Experiment, model: string): boolean =>
  needsOf(experiment.models[model]!).seeds || partsOf(experiment, model).some((part) => hasSeeds(experiment, part))

/** The runs that a run averages, in the order of its file: of the same labels and seed, on the same variant of the texts. */
export const runsAveraged = (experiment: Experiment, run: MatrixRun): MatrixRun[] =>
  partsOf(experiment, run.model).map((model) => {
    const preprocess = variantOfPart(experiment, model, run.preprocess)
    return {
      labels: run.labels,
      model,
      ...(preprocess === undefined ? {} : { preprocess }),
      seed: hasSeeds(experiment, model) ? run.seed : null,
    }
  })

/** The variant on which a model was trained that reads the texts as it does on a given one. */
function variantOfPart(experiment: Experiment, model: string, variant: string | undefined): string | undefined {
  const trained = variantsOfModel(experiment, model)
  if (trained.includes(variant)) return variant
  const read = JSON.stringify(modelOnVariant(experiment, model, variant))
  return trained.find((name) => JSON.stringify(modelOnVariant(experiment, model, name)) === read) ?? trained[0]
}
