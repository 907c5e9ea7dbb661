import type { Experiment } from '#protocol/experiment.ts'
import type { ComparisonSlices } from '#protocol/results.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { sliceResults } from '#engine/evaluation/sliceResults.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { finishedConditions, finishedRuns, testRows } from './finishedConditions.ts'
import type { ExperimentRecipes } from './recipes.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'

/**
 * The results of an experiment's finished runs by the values of a further column of its corpus.
 * @throws EngineError 'corpus/no-column', 'evaluation/no-runs', 'evaluation/no-test'
 */
export async function sliceExperiment(store: ArtefactStore, experiment: Experiment, recipes: ExperimentRecipes, column: string): Promise<ComparisonSlices> {
  const finished = await finishedRuns(store, experiment.name, recipes)
  const corpus = await openCorpus(await store.whole('corpus', recipes.corpus.id))
  try {
    const { values, codes } = await corpus.column(column)
    const test = testRows(corpus, experiment.name)
    const conditions = await finishedConditions(store, experiment, recipes, finished, test)
    const ofTest = { values, codes: codes.filter((_, row) => corpus.folds[row] === 2) }
    return { experiment: experiment.name, column, slices: sliceResults(conditions, pointsAt(corpus, test), ofTest) }
  } finally {
    corpus.close()
  }
}
