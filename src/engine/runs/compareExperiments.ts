import type { ExperimentRow, ExperimentsComparison } from '#protocol/comparison.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { differingSettings, settingsOfRow } from '#pure/comparison/differingSettings.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { compareConditions, type ComparedConditions } from '#engine/evaluation/compareConditions.ts'
import type { Condition } from '#engine/evaluation/condition.ts'
import { contrastsAcross, contrastsOf, type Contrast } from '#engine/evaluation/contrasts.ts'
import { unitsOf } from '#engine/evaluation/units.ts'
import { take } from '#engine/geo/take.ts'
import type { Points } from '#engine/geo/points.ts'
import { damagedRuns, finishedConditions, finishedRuns, testRows } from './finishedConditions.ts'
import { matchTests, testFoldOf, type TestFold } from './sameTestDocuments.ts'
import type { StoredExperiment } from './storedExperiment.ts'
import { readCorpusSummary } from './summaries.ts'
import { testCountries } from './testCountries.ts'

/**
 * The finished runs of several experiments on the test documents that they share; a run that two of them share is shown
 * once, with the first. Units, seed and the least number of resamples are those of the first experiment.
 * @param experiments at least two, no two alike
 * @throws EngineError 'evaluation/other-test', 'evaluation/no-runs' or 'evaluation/no-test'
 */
export async function compareExperiments(
  experiments: StoredExperiment[],
  context: StageContext,
): Promise<ExperimentsComparison> {
  const found = await conditionsOf(experiments)
  const { conditions, repeated } = withoutRepeats(found.conditions)
  const names = conditions.map(nameAcross)
  const { evaluation } = experiments[0]!.experiment
  const compared = await compareConditions(
    {
      truth: found.truth,
      countries: await testCountries(found.truth),
      units: found.units,
      conditions,
      names,
      contrasts: contrastsOfAll(experiments, conditions),
      resamples: Math.max(...experiments.map(({ experiment }) => experiment.evaluation.resamples)),
      seed: evaluation.seed,
    },
    context,
  )
  // Of one corpus the files may lie in several places.
  const oneCorpus = isOneCorpus(experiments)
  const differing = differingSettings(experiments.map(({ experiment }) => experiment)).filter(
    (path) => !(oneCorpus && path.startsWith('corpus.')),
  )
  const experimentOf = (name: string) => experiments.find(({ experiment }) => experiment.name === name)!.experiment
  const row = (experiment: string, result: ExperimentRow | Omit<ExperimentRow, 'experiment' | 'settings'>) =>
    ({
      experiment,
      settings: settingsOfRow(experimentOf(experiment), differing, result),
      ...result,
    }) as ExperimentRow
  const unlike = experiments.filter(({ experiment }) => experiment.evaluation.unit !== evaluation.unit)
  return {
    experiments: experiments.map(({ experiment }) => experiment.name),
    synthetic: found.synthetic,
    differing,
    test: compared.test,
    results: [
      ...compared.results.map((result, i) => row(conditions[i]!.experiment, result)),
      ...compared.floors.map((floor) => row(floor.experiment, floor.row)),
    ],
    differences: compared.differences,
    warnings: [
      ...found.warnings,
      ...repeated,
      ...unlike.map(
        ({ experiment }) =>
          `${experiment.name} resamples by another unit; here all are resampled by ${compared.test.unit}.`,
      ),
      ...compared.warnings,
    ],
  }
}

const isOneCorpus = (experiments: StoredExperiment[]) =>
  new Set(experiments.map(({ recipes }) => recipes.corpus.id)).size === 1

/** What a condition is called beside those of other experiments. */
const nameAcross = (condition: Condition) => `${condition.experiment}: ${conditionKey(condition)}`

/** Every experiment's conditions, all arrays in the order of the first one's test documents. */
async function conditionsOf(experiments: StoredExperiment[]) {
  const conditions: Condition[] = []
  const warnings = new Set<string>()
  let synthetic = false
  let first: { id: string; fold: TestFold | null; truth: Points; units: ComparedConditions['units'] } | null = null
  // Rows of one corpus need no look at its texts.
  const oneCorpus = isOneCorpus(experiments)
  for (const stored of experiments) {
    const { store, experiment, recipes } = stored
    const finished = await finishedRuns(stored)
    const directory = await store.whole('corpus', recipes.corpus.id)
    const summary = await readCorpusSummary(directory)
    synthetic ||= summary.synthetic
    for (const warning of [...summary.warnings, ...(await damagedRuns(stored))]) warnings.add(warning)
    const corpus = await openCorpus(directory)
    try {
      const test = testRows(corpus, experiment.name)
      const own = await finishedConditions(stored, finished, corpus, test)
      const { id } = recipes.corpus
      if (first === null) {
        const truth = pointsAt(corpus, test)
        const authors = test.map((row) => corpus.authors[row]!)
        const unit = experiment.evaluation.unit ?? (corpus.authorCount > 0 ? 'author' : 'place')
        const fold = oneCorpus ? null : await testFoldOf(experiment.name, corpus)
        first = { id, fold, truth, units: unitsOf(authors, truth, unit) }
      }
      const order = id === first.id ? null : matchTests(first.fold!, await testFoldOf(experiment.name, corpus))
      conditions.push(...(order === null ? own : own.map((condition) => inOrder(condition, order))))
    } finally {
      corpus.close()
    }
  }
  return { conditions, truth: first!.truth, units: first!.units, synthetic, warnings: [...warnings] }
}

/** A condition whose test documents are taken in another order. */
function inOrder(condition: Condition, order: Int32Array): Condition {
  const points = ({ lat, lon }: Points): Points => ({ lat: take(lat, order), lon: take(lon, order) })
  const labels = (of: Int32Array) => Int32Array.from(order, (i) => of[i]!)
  const { scheme, training } = condition
  return {
    ...condition,
    training: { ...training, seenPlace: Uint8Array.from(order, (i) => training.seenPlace[i]!) },
    scheme: scheme && { ...scheme, of: labels(scheme.of) },
    runs: condition.runs.map((run) => ({
      ...run,
      predictedLabel: run.predictedLabel && labels(run.predictedLabel),
      guess: points(run.guess),
      coordinatesHead: run.coordinatesHead && points(run.coordinatesHead),
    })),
  }
}

function withoutRepeats(conditions: Condition[]): { conditions: Condition[]; repeated: string[] } {
  const seen = new Map<string, Condition>()
  const repeated: string[] = []
  for (const condition of conditions) {
    const runs = condition.runs.map(({ id }) => id).join()
    const known = seen.get(runs)
    if (known) repeated.push(`${nameAcross(condition)} has the same runs as ${nameAcross(known)}: it is shown once.`)
    else seen.set(runs, condition)
  }
  return { conditions: [...seen.values()], repeated }
}

/** The contrasts of each file among its own conditions, and those across experiments. */
function contrastsOfAll(experiments: StoredExperiment[], conditions: Condition[]): Contrast[] {
  const within = experiments.flatMap(({ experiment: { name, evaluation } }) => {
    const own = conditions.flatMap((condition, i) => (condition.experiment === name ? [i] : []))
    return contrastsOf(
      own.map((i) => conditions[i]!),
      evaluation.contrasts,
    ).map(([i, j]): Contrast => [own[i]!, own[j]!])
  })
  return [...within, ...contrastsAcross(conditions)]
}
