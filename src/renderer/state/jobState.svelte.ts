import { EngineError, type ErrorReport } from '#protocol/errors.ts'
import type { EngineEvents, Progress } from '#protocol/events.ts'
import type { ConditionName } from '#protocol/comparison.ts'
import type { StageName } from '#protocol/project.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import { bridge } from './bridge.ts'
import type { EngineConnection } from './engineConnection.ts'

export interface Job {
  id: string
  kind: 'import' | 'sample' | 'experiment' | 'labels' | 'attention'
  title: string
  experiment: string | null
  phase: 'running' | 'cancelling' | 'finished' | 'cancelled' | 'failed'
  startedMs: number
  endedMs: number | null
  /** When it was asked to stop. */
  cancelledMs: number | null
  progress: Progress | null
  overall: EngineEvents['job.progress']['overall'] | null
  error: ErrorReport | null
}

export interface JobStep {
  id: string
  title: string
  state: 'started' | 'finished' | 'reused'
}

export interface LiveRun extends ConditionName {
  id: string
  seed: number | null
  epochs: EpochMetrics[]
}

export interface JobNote {
  id: number
  at: Date
  message: string
}

/** What a started job is remembered by until it ends. */
interface Ending {
  resolve(job: Job): void
}

/** The job that runs, or the one that ran last: its progress, curves, steps and remarks. */
export class JobState {
  current = $state.raw<Job | null>(null)
  steps = $state.raw<JobStep[]>([])
  live = $state.raw<LiveRun[]>([])
  notes = $state.raw<JobNote[]>([])
  /** Ids of finished steps, for whoever wants to look again when one more is done. */
  stepsDone = $state(0)
  readonly #connection: EngineConnection
  #ending: Ending | null = null
  #notes = 0

  constructor(connection: EngineConnection) {
    this.#connection = connection
    connection.on('job.progress', ({ job, progress, overall }) => this.#change(job, { progress, overall }))
    connection.on('job.step', ({ job, step, title, state }) => {
      if (job !== this.current?.id) return
      this.steps = [...this.steps.filter(({ id }) => id !== step), { id: step, title, state }]
      if (state !== 'started') this.stepsDone++
    })
    connection.on('job.epoch', ({ job, run, condition, seed, metrics }) => {
      if (job !== this.current?.id) return
      const before = this.live.find(({ id }) => id === run)?.epochs ?? []
      // A run that resumes may tell its last epochs again.
      const epochs = [...before.filter(({ epoch }) => epoch < metrics.epoch), metrics]
      this.live = [...this.live.filter(({ id }) => id !== run), { id: run, ...condition, seed, epochs }]
    })
    connection.on('job.note', ({ job, message }) => {
      if (job === this.current?.id) this.#note(message)
    })
    connection.on('job.finished', ({ job, outcome, error }) => {
      if (job === this.current?.id) this.#end(outcome, error ?? null)
    })
  }

  get running(): boolean {
    return this.current?.phase === 'running' || this.current?.phase === 'cancelling'
  }

  get stage(): StageName | null {
    const { progress, kind } = this.current ?? {}
    // What is no import says itself what it is at.
    return progress?.stage ?? (kind === 'import' || kind === 'sample' ? 'import' : null)
  }

  /** Share of the whole job that is done, 0-1; null until it is known. */
  get share(): number | null {
    const overall = this.current?.overall
    return overall && overall.total > 0 ? Math.min(1, overall.done / overall.total) : null
  }

  /**
   * Starts a job and waits for its end, however it ends.
   * @throws EngineError where the engine does not take the job
   */
  async run(start: Pick<Job, 'kind' | 'title' | 'experiment'>, ask: () => Promise<{ job: string }>): Promise<Job> {
    if (this.running) {
      throw new EngineError(
        'job/busy',
        `"${this.current?.title}" is running; one job runs at a time. Wait for it or cancel it first.`,
      )
    }
    this.steps = []
    this.live = []
    this.notes = []
    this.current = {
      ...start,
      // The engine names it when it takes it.
      id: '',
      phase: 'running',
      startedMs: performance.now(),
      endedMs: null,
      cancelledMs: null,
      progress: null,
      overall: null,
      error: null,
    }
    void bridge.call('jobRuns', start.title)
    const ended = new Promise<Job>((resolve) => (this.#ending = { resolve }))
    try {
      const { job } = await ask()
      this.current = { ...this.current, id: job }
      // It was cancelled before it had a name.
      if (this.current.phase === 'cancelling') await this.#connection.request('job.cancel', { job })
    } catch (error) {
      this.current = null
      this.#ending = null
      void bridge.call('jobRuns', null)
      throw error
    }
    return ended
  }

  /** Asks the engine to stop; the window is free at once. */
  async cancel(): Promise<void> {
    const job = this.current
    if (job?.phase !== 'running') return
    this.current = { ...job, phase: 'cancelling', cancelledMs: performance.now() }
    if (job.id === '') return
    await this.#connection.request('job.cancel', { job: job.id })
  }

  /** The engine is gone, and the job with it. */
  lost(report: ErrorReport): void {
    if (this.running) this.#end(this.current?.phase === 'cancelling' ? 'cancelled' : 'failed', report)
  }

  dismiss(): void {
    if (!this.running) this.current = null
  }

  #change(id: string, change: Partial<Job>) {
    if (this.current?.id === id && this.running) this.current = { ...this.current, ...change }
  }

  #note(message: string) {
    this.notes = [...this.notes, { id: ++this.#notes, at: new Date(), message }]
  }

  #end(phase: 'finished' | 'cancelled' | 'failed', error: ErrorReport | null) {
    if (!this.current) return
    this.current = { ...this.current, phase, error, endedMs: performance.now() }
    void bridge.call('jobRuns', null)
    this.#ending?.resolve(this.current)
    this.#ending = null
  }
}
