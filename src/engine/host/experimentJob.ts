import type { Experiment } from '#protocol/experiment.ts'
import { conditionNameOf } from '#pure/conditionName.ts'
import { compareExperiment } from '#engine/runs/compareExperiment.ts'
import { planExperiment, type Until } from '#engine/runs/planExperiment.ts'
import { runExperiment } from '#engine/runs/runExperiment.ts'
import type { Emit } from './jobs.ts'
import { lockedExperiment } from './lockedExperiment.ts'
import type { Session } from './session.ts'
import { stepReporter } from './stepReporter.ts'

/**
 * Runs an experiment's missing steps as a job: under the project's lock, remembered as unfinished until it ends.
 * @param save as for lockedExperiment
 */
export async function experimentJob(
  session: Session,
  experiment: Experiment,
  until: Until,
  job: string,
  signal: AbortSignal,
  emit: Emit,
  save: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  await lockedExperiment(session, experiment, signal, save, async (recipes, whileLocked) => {
    await session.update({ lastExperiment: experiment.name, unfinished: experiment.name })
    const steps = await planExperiment(experiment, recipes, session.store, until)
    const { context, watch } = stepReporter(steps, job, whileLocked, emit)
    await runExperiment(session.directory, session.store, experiment, recipes, steps, context, {
      ...watch,
      epoch: ({ id, labels, model, seed }, metrics) =>
        emit('job.epoch', { job, run: id, condition: conditionNameOf(experiment, { labels: labels ?? null, model: model! }), seed: seed ?? null, metrics }),
    })
    if (until === 'evaluation') await compareExperiment(session.directory, session.store, experiment, recipes, context)
    await session.update({ unfinished: null })
  })
}
