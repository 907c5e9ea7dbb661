import type { StageContext } from '#engine/context.ts'
import type { PlannedStep } from '#engine/runs/planExperiment.ts'
import type { StepWatch } from '#engine/runs/runExperiment.ts'
import type { Job } from './jobs.ts'
import { ProgressMeter } from './progressMeter.ts'

/** What a job's steps report to, and who is told that they start and end: all of it goes out as events. */
export function stepReporter(
  steps: PlannedStep[],
  { id: job, signal, emit }: Job,
): { context: StageContext; watch: Pick<StepWatch, 'started' | 'ended'> } {
  const meter = new ProgressMeter(steps, (payload) => emit('job.progress', { job, ...payload }))
  return {
    context: { signal, report: meter.report, note: (message) => emit('job.note', { job, message }) },
    watch: {
      started(step) {
        meter.started(step)
        emit('job.step', { job, step: step.id, title: step.title, state: 'started' })
      },
      ended(step, outcome) {
        meter.ended(step, outcome)
        emit('job.step', { job, step: step.id, title: step.title, state: outcome })
      },
    },
  }
}
