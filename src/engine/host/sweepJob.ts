import type { Experiment } from '#protocol/experiment.ts'
import { contentId } from '#engine/runs/contentId.ts'
import { planExperiment, type PlannedStep } from '#engine/runs/planExperiment.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import { runExperiment } from '#engine/runs/runExperiment.ts'
import { sweepExperiment, type SweepRequest } from '#engine/runs/sweepExperiment.ts'
import type { Emit } from './jobs.ts'
import { ProgressMeter } from './progressMeter.ts'
import type { Session } from './session.ts'

/**
 * Sweeps the granularity of an experiment's labels as a job, under the project's lock; imports its corpus where it must.
 * @param save as for experimentJob
 */
export async function sweepJob(
  session: Session,
  experiment: Experiment,
  request: SweepRequest,
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
    const imports = (await planExperiment(experiment, recipes, session.store, 'labels')).filter(({ stage }) => stage === 'import')
    const recipe = { sweep: request, corpus: recipes.corpus.id }
    const sweep: PlannedStep = { stage: 'labels', kind: 'labels', id: contentId(recipe), recipe, title: 'Sweep label sizes', state: 'missing' }
    const meter = new ProgressMeter([...imports, sweep], (payload) => emit('job.progress', { job, ...payload }))
    const context = { signal, report: meter.report, note: (message: string) => emit('job.note', { job, message }) }
    const watch = {
      started(step: PlannedStep) {
        meter.started(step)
        emit('job.step', { job, step: step.id, title: step.title, state: 'started' })
      },
      ended(step: PlannedStep, outcome: 'finished' | 'reused') {
        meter.ended(step, outcome)
        emit('job.step', { job, step: step.id, title: step.title, state: outcome })
      },
      epoch: () => undefined,
    }
    await runExperiment(session.directory, session.store, experiment, recipes, imports, context, watch)
    watch.started(sweep)
    await sweepExperiment(session.directory, session.store, experiment, recipes, request, context)
    watch.ended(sweep, 'finished')
  } finally {
    await unlock()
  }
}
