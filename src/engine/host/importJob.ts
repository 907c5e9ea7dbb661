import type { CorpusSettings } from '#protocol/experiment.ts'
import { contentId, fileHash } from '#engine/runs/contentId.ts'
import { corpusRecipe } from '#engine/runs/recipes.ts'
import type { PlannedStep } from '#engine/runs/planExperiment.ts'
import { withProjectLock } from '#engine/runs/projectLock.ts'
import { importStage } from '#engine/runs/stages/importStage.ts'
import { version } from '#engine/version.ts'
import type { Job } from './jobs.ts'
import type { Project } from './project.ts'
import { stepReporter } from './stepReporter.ts'

/** Imports a corpus by itself, under the id that an experiment with the same corpus section will look for. */
export async function importJob(project: Project, settings: CorpusSettings, job: Job): Promise<void> {
  await withProjectLock(project.directory, job.signal, async (whileLocked) => {
    await project.store.sweep()
    const recipe = await corpusRecipe(settings, fileHash, whileLocked)
    const step: PlannedStep = {
      stage: 'import',
      kind: 'corpus',
      id: contentId(recipe),
      recipe,
      title: 'Import the corpus',
      state: 'missing',
      needs: [],
    }
    const { context, watch } = stepReporter([step], { ...job, signal: whileLocked })
    watch.started(step)
    const found = await project.store.inspect('corpus', step.id)
    const there = found?.damaged === null
    if (found && !there) context.note(`The corpus is there and damaged (${found.damaged}): it is imported again.`)
    if (!there) {
      await project.store.create(
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
