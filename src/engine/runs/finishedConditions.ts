import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { LabelSetSummary } from '#protocol/results.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import type { Condition } from '#engine/evaluation/condition.ts'
import { loadLabelSet } from '#engine/labels/labelSet.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { readPredictions } from './predictions.ts'
import type { ExperimentRecipes } from './recipes.ts'
import { rowsOfFold } from './stages.ts'

type Runs = ExperimentRecipes['runs']

/** @throws EngineError 'evaluation/no-runs' */
export async function finishedRuns(store: ArtefactStore, name: string, recipes: ExperimentRecipes): Promise<Runs> {
  const finished: Runs = []
  for (const run of recipes.runs) if (await store.has('run', run.id)) finished.push(run)
  if (finished.length === 0) {
    throw new EngineError('evaluation/no-runs', `No run of "${name}" is finished; the comparison needs at least one. Run the experiment first.`)
  }
  return finished
}

/** @throws EngineError 'evaluation/no-test' */
export function testRows(corpus: Corpus, name: string): Int32Array {
  const test = rowsOfFold(corpus, 'test')
  if (test.length === 0) {
    throw new EngineError(
      'evaluation/no-test',
      `The corpus of "${name}" has no test documents; the comparison needs some. Name test files or let corpus.split draw them.`,
    )
  }
  return test
}

/**
 * Label schemes and models of finished runs, with what each run guessed of the test fold.
 * @param test its rows, all of which every run must have predicted
 */
export async function finishedConditions(store: ArtefactStore, recipes: ExperimentRecipes, finished: Runs, test: Int32Array): Promise<Condition[]> {
  const conditions: Condition[] = []
  for (const [labels, { id }] of recipes.labels) {
    const directory = store.place('labels', id)
    const set = await loadLabelSet(directory)
    const summary = JSON.parse(await readFile(join(directory, 'summary.json'), 'utf8')) as LabelSetSummary
    const largest = set.labels.reduce((best, label) => (label.documents > best.documents ? label : best))
    for (const model of new Set(finished.map((run) => run.model))) {
      const runs = finished.filter((run) => run.labels === labels && run.model === model)
      if (runs.length === 0) continue
      const loaded = []
      for (const run of runs) loaded.push({ run, predictions: await readPredictions(store.place('run', run.id), 'test', test) })
      conditions.push({
        labels,
        model,
        labelCount: set.labels.length,
        oracle: summary.oracle.test,
        trueLabel: loaded[0]!.predictions.label,
        largestLabel: { index: largest.index, lat: largest.lat, lon: largest.lon },
        runs: loaded.map(({ run, predictions }) => ({
          id: run.id,
          seed: run.seed,
          predictedLabel: predictions.predictedLabel,
          guess: predictions.guess,
          coordinatesHead: predictions.head,
        })),
      })
    }
  }
  return conditions
}
