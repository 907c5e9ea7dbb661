import { EngineError, type ErrorReport } from '#protocol/errors.ts'
import type { EngineEvents, EventName } from '#protocol/events.ts'
import { systemError } from '#engine/files/systemError.ts'

export type Emit = <Name extends EventName>(event: Name, payload: EngineEvents[Name]) => void

/** A job as its work knows it. */
export interface Job {
  id: string
  /** Aborted when the job is cancelled. */
  signal: AbortSignal
  emit: Emit
}

/** Long work of the engine: one job at a time, told of by events, stopped by a signal. */
export class Jobs {
  #running: { id: string; controller: AbortController; ended: Promise<void> } | null = null
  #count = 0
  readonly #emit: Emit

  constructor(emit: Emit) {
    this.#emit = emit
  }

  get busy(): boolean {
    return this.#running !== null
  }

  /**
   * Starts a job and returns its id at once.
   * @throws EngineError 'job/busy' while another one runs
   */
  start(work: (job: Job) => Promise<void>): string {
    if (this.#running) {
      throw new EngineError('job/busy', 'Another job is running; one runs at a time. Wait for it or cancel it first.')
    }
    const id = `job-${process.pid}-${++this.#count}`
    const controller = new AbortController()
    // A turn later, so that the caller knows the id before the first event.
    const ended = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => work({ id, signal: controller.signal, emit: this.#emit }))
      .then(
        () => this.#finish(id, 'finished'),
        (error: unknown) =>
          controller.signal.aborted ? this.#finish(id, 'cancelled') : this.#finish(id, 'failed', toReport(error)),
      )
    this.#running = { id, controller, ended }
    return id
  }

  cancel(id: string): void {
    if (this.#running?.id === id) this.#running.controller.abort()
  }

  /** Cancels what runs and waits for it. */
  async stop(): Promise<void> {
    this.#running?.controller.abort()
    await this.#running?.ended
  }

  /** Ends what runs as failed, whether or not it ever comes back. */
  fail(error: ErrorReport): void {
    const running = this.#running
    if (!running) return
    this.#finish(running.id, 'failed', error)
    running.controller.abort()
  }

  #finish(job: string, outcome: 'finished' | 'cancelled' | 'failed', error?: ErrorReport) {
    if (this.#running?.id !== job) return
    this.#running = null
    this.#emit('job.finished', { job, outcome, ...(error ? { error } : {}) })
  }
}

/** Any error as a report; one that is not ours keeps its message and names its kind. */
export function toReport(error: unknown): ErrorReport {
  if (error instanceof EngineError) return error.toReport()
  const known = systemError(error)
  if (known) return known.toReport()
  const { message, stack } = error as Error
  return {
    code: 'engine/unexpected',
    message: `The engine met an error that it has no words for: ${message ?? String(error)}. The project is unharmed; run again, and report this with the steps that led to it.`,
    data: { stack },
  }
}
