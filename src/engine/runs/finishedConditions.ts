import { EngineError } from '#protocol/errors.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { conditionNameOf } from '#pure/conditionName.ts'
import { pointsAt, rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import type { Condition, TestLabels, Training } from '#engine/evaluation/condition.ts'
import { seenPlaces } from '#engine/evaluation/units.ts'
import { loadLabelSet } from '#engine/labels/labelSetFiles.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { uncertaintyOf } from './uncertaintyOf.ts'
import { readPredictions } from './predictions.ts'
import type { ExperimentRecipes } from './recipes.ts'
import type { StoredExperiment } from './storedExperiment.ts'
import { readLabelSummary } from './summaries.ts'

type Runs = ExperimentRecipes['runs']

/** @throws EngineError 'evaluation/no-runs' */
export async function finishedRuns({ store, experiment, recipes }: StoredExperiment): Promise<Runs> {
  const finished: Runs = []
  for (const run of recipes.runs) if (await store.has('run', run.id)) finished.push(run)
  if (finished.length === 0) {
    throw new EngineError(
      'evaluation/no-runs',
      `No run of "${experiment.name}" is finished; the comparison needs at least one. Run the experiment first.`,
    )
  }
  return finished
}

/** Says which runs are left out because their files are damaged. */
export async function damagedRuns({ store, recipes: { runs } }: StoredExperiment): Promise<string[]> {
  const warnings: string[] = []
  for (const run of runs) {
    const { id, seed } = run
    const damaged = (await store.inspect('run', id))?.damaged
    if (damaged)
      warnings.push(
        `${conditionKey(run)}${seed === null ? '' : `, seed ${seed},`} is left out: its run ${id} is damaged (${damaged}). Run the experiment: it is made again.`,
      )
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

/**
 * Label schemes and models of finished runs, with what each run guessed of the test fold.
 * @param test its rows, all of which every run must have predicted
 */
export async function finishedConditions(
  { store, experiment, recipes }: StoredExperiment,
  finished: Runs,
  corpus: Corpus,
  test: Int32Array,
): Promise<Condition[]> {
  const training = trainingOf(recipes.corpus.id, corpus, test)
  const conditions: Condition[] = []
  const cells = new Map<string, Runs>()
  for (const run of finished) cells.set(conditionKey(run), [...(cells.get(conditionKey(run)) ?? []), run])
  for (const runs of cells.values()) {
    const [first] = runs as [Runs[number]]
    const { labels } = first
    const loaded = []
    for (const run of runs)
      loaded.push({ run, predictions: await readPredictions(store.place('run', run.id), 'test', test) })
    const { label } = loaded[0]!.predictions
    conditions.push({
      experiment: experiment.name,
      training,
      ...conditionNameOf(experiment, first),
      scheme:
        labels === null || !label
          ? null
          : await testLabels(store, { id: recipes.labels.get(labels)!.id, name: labels }, label),
      ...(await uncertaintyOf({ store, experiment }, runs, corpus, test)),
      runs: loaded.map(({ run, predictions }) => ({
        id: run.id,
        seed: run.seed,
        predictedLabel: predictions.predictedLabel,
        guess: predictions.guess,
        coordinatesHead: predictions.head,
      })),
    })
  }
  return conditions
}

function trainingOf(id: string, corpus: Corpus, test: Int32Array): Training {
  const points = pointsAt(corpus, rowsOfFold(corpus, 'train'))
  return { id, points, seenPlace: seenPlaces(points, pointsAt(corpus, test)) }
}

async function testLabels(
  store: ArtefactStore,
  { id, name }: { id: string; name: string },
  of: Int32Array,
): Promise<TestLabels> {
  const directory = await store.whole('labels', id)
  const { labels } = await loadLabelSet(directory)
  const { oracle } = await readLabelSummary(directory, name)
  const { index, lat, lon } = labels.reduce((best, label) => (label.documents > best.documents ? label : best))
  return { id, count: labels.length, oracle: oracle.test, of, largest: { index, lat, lon } }
}
