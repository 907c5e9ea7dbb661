import type { Progress } from '#protocol/events.ts'

/** What a stage may touch of the world beyond its inputs: nothing else comes in by a side door. */
export interface StageContext {
  /** Aborted on cancel; long loops check it and yield at least every 100 ms. */
  signal: AbortSignal
  /** Throttling, rate and time left are the receiver's business: report as often as is natural. */
  report(
    progress: Pick<Progress, 'done' | 'total' | 'unit'> & Partial<Pick<Progress, 'title' | 'loss'>> & { rows?: number },
  ): void
  /** A remark for the person who runs the stage, such as a default that was chosen. */
  note(message: string): void
}

/** A context for tests and for work nobody watches. */
export const quietContext: StageContext = {
  signal: new AbortController().signal,
  report: () => undefined,
  note: () => undefined,
}
