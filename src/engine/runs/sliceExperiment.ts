import type { ComparisonSlices } from '#protocol/comparison.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { sliceResults } from '#engine/evaluation/sliceResults.ts'
import { finishedConditions, finishedRuns, testRows } from './finishedConditions.ts'
import type { StoredExperiment } from './storedExperiment.ts'

/**
 * The results of an experiment's finished runs by the values of a further column of its corpus.
 * @throws EngineError 'corpus/no-column', 'evaluation/no-runs', 'evaluation/no-test'
 */
export async function sliceExperiment(stored: StoredExperiment, column: string): Promise<ComparisonSlices> {
  const { store, experiment, recipes } = stored
  const finished = await finishedRuns(stored)
  const corpus = await openCorpus(await store.whole('corpus', recipes.corpus.id))
  try {
    const { values, codes } = await corpus.column(column)
    const test = testRows(corpus, experiment.name)
    const conditions = await finishedConditions(stored, finished, corpus, test)
    const ofTest = { values, codes: Int32Array.from(test, (row) => codes[row]!) }
    return { experiment: experiment.name, column, slices: sliceResults(conditions, pointsAt(corpus, test), ofTest) }
  } finally {
    corpus.close()
  }
}
