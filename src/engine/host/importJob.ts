import type { CorpusSettings } from '#protocol/experiment.ts'
import { contentId, fileHash } from '#engine/runs/contentId.ts'
import { corpusRecipe } from '#engine/runs/recipes.ts'
import type { PlannedStep } from '#engine/runs/planExperiment.ts'
import { withProjectLock } from '#engine/runs/projectLock.ts'
import { importStage } from '#engine/runs/stages/importStage.ts'
import { version } from '#engine/version.ts'
import type { Emit } from './jobs.ts'
import type { Session } from './session.ts'
import { stepReporter } from './stepReporter.ts'

/** Imports a corpus by itself, under the id that an experiment with the same corpus section will look for. */
export async function importJob(session: Session, settings: CorpusSettings, job: string, signal: AbortSignal, emit: Emit): Promise<void> {
  await withProjectLock(session.directory, signal, async (whileLocked) => {
    await session.store.sweep()
    const recipe = await corpusRecipe(settings, fileHash, whileLocked)
    const step: PlannedStep = {
      stage: 'import',
      kind: 'corpus',
      id: contentId(recipe),
      recipe,
      title: 'Import the corpus',
      state: 'missing',
    }
    const { context, watch } = stepReporter([step], job, whileLocked, emit)
    watch.started(step)
    const there = await session.store.has('corpus', step.id)
    if (!there) {
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
    watch.ended(step, there ? 'reused' : 'finished')
  })
}
