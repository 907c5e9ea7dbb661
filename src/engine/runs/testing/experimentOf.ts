import type { Experiment, ExperimentInput } from '#protocol/experiment.ts'
import { checkExperiment } from '../experimentFile.ts'
import { recipesOf } from '../recipes.ts'

/** An experiment over files that nobody reads, with two schemes and two models unless it says otherwise. */
export const experimentOf = (input: Partial<ExperimentInput> = {}): Experiment =>
  checkExperiment(
    {
      name: 'small',
      corpus: { train: ['train.tsv'], dev: ['dev.tsv'], test: ['test.tsv'] },
      labels: { kd: { method: 'kd-tree', bucket: 40 }, p2c: { method: 'point2city', radiusKm: 200 } },
      models: { stl: { method: 'attention-cnn' }, nb: { method: 'naive-bayes' } },
      matrix: { seeds: [1, 2] },
      ...input,
    },
    '/nowhere',
  )

/** Its recipes, were each file's bytes told by its path alone. */
export const recipesFor = (experiment: Experiment) =>
  recipesOf(experiment, (path) => Promise.resolve(`hash of ${path}`))
