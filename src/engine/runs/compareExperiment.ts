import { join } from 'node:path'
import type { Comparison } from '#protocol/comparison.ts'
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

/** Raised when the comparison's numbers change for the same runs. */
const comparisonVersion = 5

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
    const { preprocess, evaluation } = experiment
    const truth = pointsAt(corpus, test)
    const comparison = await compareRuns(
      {
        experiment: experiment.name,
        synthetic: summary.synthetic,
        truth,
        units: unitsOf(
          test.map((row) => corpus.authors[row]!),
          truth,
          evaluation.unit ?? (corpus.authorCount > 0 ? 'author' : 'place'),
        ),
        conditions,
        settings: {
          mentions: preprocess.mentions,
          hashtags: preprocess.hashtags,
          placeNames: preprocess.placeNames,
          stopwords: preprocess.stopwords,
          replacementTokens: preprocess.replacementTokens,
          splitBy: summary.splitBy,
        },
        evaluation,
        warnings: [...summary.warnings, ...leftOut],
      },
      context,
    )
    // Kept only to be quick the next time: a project on a read-only or a full disk is compared all the same.
    await writeInProject(directory, path, `${JSON.stringify({ id, comparison })}\n`).catch(() => undefined)
    return comparison
  } finally {
    corpus.close()
  }
}
