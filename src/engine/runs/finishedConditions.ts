import { EngineError } from '#protocol/errors.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import type { Condition } from '#engine/evaluation/condition.ts'
import { loadLabelSet } from '#engine/labels/labelSet.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { readPredictions } from './predictions.ts'
import type { ExperimentRecipes } from './recipes.ts'
import { rowsOfFold } from './stages.ts'
import { readLabelSummary } from './summaries.ts'

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

/** Says which runs are left out because their files are damaged. */
export async function damagedRuns(store: ArtefactStore, { runs }: ExperimentRecipes): Promise<string[]> {
  const warnings: string[] = []
  for (const { id, labels, model, seed } of runs) {
    const damaged = (await store.inspect('run', id))?.damaged
    if (damaged) warnings.push(`${labels}/${model}, seed ${seed}, is left out: its run ${id} is damaged (${damaged}). Run the experiment: it is made again.`)
  }
  return warnings
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

/** Label schemes and models of finished runs, with what each run guessed of the test fold. */
export async function finishedConditions(store: ArtefactStore, recipes: ExperimentRecipes, finished: Runs): Promise<Condition[]> {
  const conditions: Condition[] = []
  for (const [labels, { id }] of recipes.labels) {
    const directory = await store.whole('labels', id)
    const set = await loadLabelSet(directory)
    const summary = await readLabelSummary(directory, labels)
    const largest = set.labels.reduce((best, label) => (label.documents > best.documents ? label : best))
    for (const model of new Set(finished.map((run) => run.model))) {
      const runs = finished.filter((run) => run.labels === labels && run.model === model)
      if (runs.length === 0) continue
      const loaded = []
      for (const run of runs) loaded.push({ run, predictions: await readPredictions(store.place('run', run.id), 'test') })
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
