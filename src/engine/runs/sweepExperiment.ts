import { join } from 'node:path'
import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import type { Experiment } from '#protocol/experiment.ts'
import { labelSettings, type LabelSettings } from '#protocol/labels/labels.ts'
import type { Granularity } from '#protocol/labelSets.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsOfFolds } from '#engine/corpus/corpusFolds.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { readCache } from '#engine/files/artefactFile.ts'
import { defaultBuckets, defaultRadiiKm } from '#engine/labels/defaultSweep.ts'
import { granularity } from '#engine/labels/labelSummaryFile.ts'
import { sweepGranularity } from '#engine/labels/sweepGranularity.ts'
import { contentId } from './contentId.ts'
import { writeInProject } from './projectFolder.ts'
import type { StoredExperiment } from './storedExperiment.ts'

/** Raised when a sweep's numbers change for the same corpus and settings. */
const sweepVersion = 1

/** What is swept; left out, what suits the corpus. */
export interface SweepRequest {
  buckets?: number[]
  radiiKm?: number[]
}

const sweepFile = z.object({ id: z.string(), corpus: z.string(), sweep: z.array(granularity) })

/**
 * Sweeps the granularity of labels over an experiment's corpus, which must be there, and keeps the table beside the
 * experiment. The experiment's first scheme of a method says all but bucket and radius. What is kept is not swept again.
 */
export async function sweepExperiment(
  { directory, store, experiment, recipes }: StoredExperiment,
  request: SweepRequest,
  context: StageContext,
): Promise<void> {
  const corpus = await openCorpus(await store.whole('corpus', recipes.corpus.id))
  try {
    const points = pointsOfFolds(corpus)
    const settings = {
      kd: sweptScheme(experiment, 'kd-tree'),
      p2c: sweptScheme(experiment, 'point2city'),
      buckets: ascendingOnce(request.buckets ?? defaultBuckets(points.train.lat.length)),
      radiiKm: ascendingOnce(request.radiiKm ?? defaultRadiiKm),
    }
    const id = contentId({ sweepVersion, corpus: recipes.corpus.id, settings })
    if ((await keptSweep(directory, experiment.name))?.id === id) return
    const file: z.infer<typeof sweepFile> = {
      id,
      corpus: recipes.corpus.id,
      sweep: await sweepGranularity(points, settings, context),
    }
    await writeInProject(directory, pathOf(directory, experiment.name), `${JSON.stringify(file)}\n`)
  } finally {
    corpus.close()
  }
}

/**
 * The table that the last sweep of an experiment left.
 * @throws EngineError 'labels/no-sweep' where there is none of its corpus as it is now
 */
export async function readSweep({ directory, experiment, recipes }: StoredExperiment): Promise<Granularity[]> {
  const kept = await keptSweep(directory, experiment.name)
  if (kept?.corpus === recipes.corpus.id) return kept.sweep
  throw new EngineError(
    'labels/no-sweep',
    `Found ${kept ? 'a sweep of another corpus' : 'no sweep'} for "${experiment.name}", expected one of its corpus as it is now. Sweep its labels first.`,
  )
}

const pathOf = (project: string, name: string) => join(project, 'experiments', `${name}.sweep.json`)

const keptSweep = (project: string, name: string) => readCache(pathOf(project, name), sweepFile)

/** What the swept label sets of a method have in common: the experiment's first scheme of it, else the defaults. */
export function sweptScheme<Method extends LabelSettings['method']>(experiment: Experiment, method: Method) {
  const own = Object.values(experiment.labels).find((settings) => settings.method === method)
  return (own ?? labelSettings.parse({ method })) as Extract<LabelSettings, { method: Method }>
}

const ascendingOnce = (values: number[]) => [...new Set(values)].sort((a, b) => a - b)
