import type { StageName } from '#protocol/project.ts'
import type { StageContext } from '#engine/context.ts'
import type { Job } from './jobs.ts'

/** The context of a job of one piece, which is no step of an experiment: what it reports goes out as it comes. */
export function jobContext({ id: job, signal, emit }: Job, stage: StageName, title: string): StageContext {
  return {
    signal,
    note: (message) => emit('job.note', { job, message }),
    report: ({ done, total, unit, title: part = title, loss = null }) =>
      emit('job.progress', {
        job,
        progress: { stage, title: part, done, total, unit, rate: null, rowsRate: null, remainingMs: null, loss },
        overall: { done, total: total ?? done, remainingMs: null },
      }),
  }
}
