import type { Experiment } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import { compareExperiment } from '#engine/runs/compareExperiment.ts'
import { planExperiment, type Until } from '#engine/runs/planExperiment.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import { runExperiment } from '#engine/runs/runExperiment.ts'
import type { Emit } from './jobs.ts'
import { ProgressMeter } from './progressMeter.ts'
import type { Session } from './session.ts'

/**
 * Runs an experiment's missing steps as a job: under the project's lock, remembered as unfinished until it ends.
 * @param save takes an experiment into the project: under the lock, so that a second program that has to wait changes nothing
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
  const unlock = await lockProject(session.directory)
  try {
    await session.store.sweep()
    session.forgetHashes()
    const recipes = await session.recipes(experiment, signal)
    await save()
    await session.keepHashes()
    await session.update({ lastExperiment: experiment.name, unfinished: experiment.name })
    const steps = await planExperiment(experiment, recipes, session.store, until)
    const meter = new ProgressMeter(steps, (payload) => emit('job.progress', { job, ...payload }))
    const context: StageContext = {
      signal,
      report: meter.report,
      note: (message) => emit('job.note', { job, message }),
    }
    await runExperiment(session.directory, session.store, experiment, recipes, steps, context, {
      started(step) {
        meter.started(step)
        emit('job.step', { job, step: step.id, title: step.title, state: 'started' })
      },
      ended(step, outcome) {
        meter.ended(step, outcome)
        emit('job.step', { job, step: step.id, title: step.title, state: outcome })
      },
      epoch: ({ id, labels, model, seed }, metrics) =>
        emit('job.epoch', { job, run: id, labels: labels!, model: model!, seed: seed!, metrics }),
    })
    if (until === 'evaluation') await compareExperiment(session.directory, session.store, experiment, recipes, context)
    await session.update({ unfinished: null })
  } finally {
    await unlock()
  }
}
