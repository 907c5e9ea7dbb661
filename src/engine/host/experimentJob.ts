import type { Experiment } from '#protocol/experiment.ts'
import { conditionNameOf } from '#pure/conditionName.ts'
import { compareExperiment } from '#engine/runs/compareExperiment.ts'
import { planExperiment, type Until } from '#engine/runs/planExperiment.ts'
import { runExperiment } from '#engine/runs/runExperiment.ts'
import type { Emit } from './jobs.ts'
import { lockedExperiment } from './lockedExperiment.ts'
import type { Project } from './project.ts'
import { stepReporter } from './stepReporter.ts'

/**
 * Runs an experiment's missing steps as a job: under the project's lock, remembered as unfinished until it ends.
 * @param save as for lockedExperiment
 */
export async function experimentJob(
  project: Project,
  experiment: Experiment,
  until: Until,
  job: string,
  signal: AbortSignal,
  emit: Emit,
  save: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  await lockedExperiment(project, experiment, signal, save, async (recipes, whileLocked) => {
    await project.update({ lastExperiment: experiment.name, unfinished: experiment.name })
    const steps = await planExperiment(experiment, recipes, project.store, until)
    await project.checkSources(experiment, steps)
    const { context, watch } = stepReporter(steps, job, whileLocked, emit)
    await runExperiment(project.directory, project.store, experiment, recipes, steps, context, {
      ...watch,
      epoch: ({ id, labels, model, seed }, metrics) =>
        emit('job.epoch', { job, run: id, condition: conditionNameOf(experiment, { labels: labels ?? null, model: model! }), seed: seed ?? null, metrics }),
    })
    if (until === 'evaluation') await compareExperiment(project.directory, project.store, experiment, recipes, context)
    await project.update({ unfinished: null })
  })
}
