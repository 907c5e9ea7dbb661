import type { CorpusSettings } from '#protocol/experiment.ts'
import { contentId, fileHash } from '#engine/runs/contentId.ts'
import { corpusRecipe } from '#engine/runs/recipes.ts'
import type { PlannedStep } from '#engine/runs/planExperiment.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import { importStage } from '#engine/runs/stages.ts'
import { version } from '#engine/version.ts'
import type { Emit } from './jobs.ts'
import { ProgressMeter } from './progressMeter.ts'
import type { Session } from './session.ts'

/** Imports a corpus by itself, under the id that an experiment with the same corpus section will look for. */
export async function importJob(session: Session, settings: CorpusSettings, job: string, signal: AbortSignal, emit: Emit): Promise<void> {
  const unlock = await lockProject(session.directory)
  try {
    await session.store.sweep()
    const recipe = await corpusRecipe(settings, fileHash, signal)
    const step: PlannedStep = {
      stage: 'import',
      kind: 'corpus',
      id: contentId(recipe),
      recipe,
      title: 'Import the corpus',
      state: 'missing',
    }
    const meter = new ProgressMeter([step], (payload) => emit('job.progress', { job, ...payload }))
    emit('job.step', { job, step: step.id, title: step.title, state: 'started' })
    const there = await session.store.has('corpus', step.id)
    meter.started(step)
    if (!there) {
      const context = { signal, report: meter.report, note: (message: string) => emit('job.note', { job, message }) }
      await session.store.create(
        {
          kind: 'corpus',
          id: step.id,
          title: step.title,
          recipe,
          versions: { isogloss: version, node: process.versions.node },
          machine: { platform: `${process.platform} ${process.arch}` },
        },
        (directory) => importStage(settings, directory, context),
      )
    }
    emit('job.step', { job, step: step.id, title: step.title, state: there ? 'reused' : 'finished' })
  } finally {
    await unlock()
  }
}
