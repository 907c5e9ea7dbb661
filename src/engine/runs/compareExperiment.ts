import { join } from 'node:path'
import type { Comparison } from '#protocol/comparison.ts'
import type { Experiment } from '#protocol/experiment.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { differingSettings, settingsOfRow } from '#pure/comparison/differingSettings.ts'
import { variantsOf } from '#pure/textVariants.ts'
import type { StageContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { compareRuns } from '#engine/evaluation/compare.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import { comparisonFile } from '#engine/evaluation/comparisonFile.ts'
import { unitsOf } from '#engine/evaluation/units.ts'
import { readCache } from '#engine/files/artefactFile.ts'
import { contentId } from './contentId.ts'
import { damagedRuns, finishedConditions, finishedRuns, testRows } from './finishedConditions.ts'
import { writeInProject } from './projectFolder.ts'
import type { StoredExperiment } from './storedExperiment.ts'
import { readCorpusSummary } from './summaries.ts'
import { testCountries } from './testCountries.ts'

/** Raised when the comparison's numbers change for the same runs. */
const comparisonVersion = 7

/**
 * The comparison of an experiment's finished runs on its test fold, kept beside the experiment until a run changes.
 * @throws EngineError 'evaluation/no-runs' or 'evaluation/no-test'
 */
export async function compareExperiment(stored: StoredExperiment, context: StageContext): Promise<Comparison> {
  const { directory, store, experiment, recipes } = stored
  const finished = await finishedRuns(stored)
  const leftOut = await damagedRuns(stored)
  const id = contentId({
    comparisonVersion,
    evaluation: experiment.evaluation,
    runs: finished.map((run) => run.id),
    // Names of variants are no part of a run's id.
    variants: Array.isArray(experiment.preprocess) ? finished.map(conditionKey) : undefined,
    leftOut: leftOut.length > 0 ? leftOut : undefined,
  })
  const path = join(directory, 'experiments', `${experiment.name}.comparison.json`)
  const kept = await readCache(path, comparisonFile)
  if (kept?.id === id) return kept.comparison

  const corpusDirectory = await store.whole('corpus', recipes.corpus.id)
  const summary = await readCorpusSummary(corpusDirectory)
  const corpus = await openCorpus(corpusDirectory)
  try {
    const test = testRows(corpus, experiment.name)
    const conditions = await finishedConditions(stored, finished, corpus, test)
    const { evaluation } = experiment
    const truth = pointsAt(corpus, test)
    const compared = await compareRuns(
      {
        experiment: experiment.name,
        synthetic: summary.synthetic,
        truth,
        countries: await testCountries(truth),
        units: unitsOf(
          test.map((row) => corpus.authors[row]!),
          truth,
          evaluation.unit ?? (corpus.authorCount > 0 ? 'author' : 'place'),
        ),
        conditions,
        settings: {
          ...textSettings(experiment),
          splitBy: summary.splitBy,
        },
        evaluation,
        warnings: [...summary.warnings, ...leftOut],
      },
      context,
    )
    const comparison = withVariants(experiment, compared)
    // Kept only to be quick the next time: a project on a read-only or a full disk is compared all the same.
    await writeInProject(directory, path, `${JSON.stringify({ id, comparison })}\n`).catch(() => undefined)
    return comparison
  } finally {
    corpus.close()
  }
}

/** How texts were read; where variants differ in it, as each of them has it. */
function textSettings(experiment: Experiment): Omit<Comparison['settings'], 'splitBy'> {
  const variants = variantsOf(experiment)
  const told = (key: 'mentions' | 'hashtags' | 'placeNames' | 'stopwords' | 'replacementTokens') =>
    [...new Set(variants.map(({ settings }) => settings[key]))].join(' or ')
  return {
    mentions: told('mentions'),
    hashtags: told('hashtags'),
    placeNames: told('placeNames'),
    stopwords: told('stopwords'),
    replacementTokens: told('replacementTokens'),
  }
}

/** With the settings in which variants of the texts differ beside each row. */
function withVariants(experiment: Experiment, comparison: Comparison): Comparison {
  if (!Array.isArray(experiment.preprocess)) return comparison
  const differing = differingSettings([experiment])
  return {
    ...comparison,
    differing,
    results: comparison.results.map((row) => ({ ...row, settings: settingsOfRow(experiment, differing, row) })),
  }
}
