import type { ComparisonSlices } from '#protocol/results.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { sliceResults } from '#engine/evaluation/sliceResults.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { finishedConditions, finishedRuns, testRows } from './finishedConditions.ts'
import type { ExperimentRecipes } from './recipes.ts'
import { pointsAt } from './stages.ts'

/**
 * The results of an experiment's finished runs by the values of a further column of its corpus.
 * @throws EngineError 'corpus/no-column', 'evaluation/no-runs', 'evaluation/no-test'
 */
export async function sliceExperiment(store: ArtefactStore, experiment: string, recipes: ExperimentRecipes, column: string): Promise<ComparisonSlices> {
  const finished = await finishedRuns(store, experiment, recipes)
  const corpus = await openCorpus(await store.whole('corpus', recipes.corpus.id))
  try {
    const { values, codes } = await corpus.column(column)
    const test = testRows(corpus, experiment)
    const conditions = await finishedConditions(store, recipes, finished)
    const ofTest = { values, codes: codes.filter((_, row) => corpus.folds[row] === 2) }
    return { experiment, column, slices: sliceResults(conditions, pointsAt(corpus, test), ofTest) }
  } finally {
    corpus.close()
  }
}
