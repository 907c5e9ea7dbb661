import type { Experiment } from '#protocol/experiment.ts'
import { contentId } from '#engine/runs/contentId.ts'
import { planExperiment, type PlannedStep } from '#engine/runs/planExperiment.ts'
import { runExperiment } from '#engine/runs/runExperiment.ts'
import { sweepExperiment, type SweepRequest } from '#engine/runs/sweepExperiment.ts'
import type { Emit } from './jobs.ts'
import { lockedExperiment } from './lockedExperiment.ts'
import type { Project } from './project.ts'
import { stepReporter } from './stepReporter.ts'

/**
 * Sweeps the granularity of an experiment's labels as a job, under the project's lock; imports its corpus where it must.
 * @param save as for lockedExperiment
 */
export async function sweepJob(
  project: Project,
  experiment: Experiment,
  request: SweepRequest,
  job: string,
  signal: AbortSignal,
  emit: Emit,
  save: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  await lockedExperiment(project, experiment, signal, save, async (recipes, whileLocked) => {
    const imports = (await planExperiment(experiment, recipes, project.store, 'labels')).filter(({ stage }) => stage === 'import')
    await project.checkSources(experiment, imports)
    const recipe = { sweep: request, corpus: recipes.corpus.id }
    const sweep: PlannedStep = { stage: 'labels', kind: 'labels', id: contentId(recipe), recipe, title: 'Sweep label sizes', state: 'missing' }
    const { context, watch } = stepReporter([...imports, sweep], job, whileLocked, emit)
    await runExperiment(project.directory, project.store, experiment, recipes, imports, context, { ...watch, epoch: () => undefined })
    watch.started(sweep)
    await sweepExperiment(project.directory, project.store, experiment, recipes, request, context)
    watch.ended(sweep, 'finished')
  })
}
