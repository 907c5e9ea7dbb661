import type { EngineEvents } from '#protocol/events.ts'
import type { StageContext } from '#engine/context.ts'
import type { PlannedStep } from '#engine/runs/planExperiment.ts'

/** Rough relative costs of stages: only for how far the whole bar is, never for a time. */
const weights = { import: 2, vocabulary: 2, labels: 1, embedding: 12, training: 20, evaluation: 1 }

/** At most this many progress events a second. */
const intervalMs = 200
/** The rate is of the last seconds, since the first ones of a stage (loading, warming up) tell little. */
const windowMs = 10_000

/**
 * Turns a stage's reports into progress events: throttled, with rate and time left, and the whole job's share done.
 * Time left of the job is known once each stage that is still to come has been timed, else it is null.
 */
export class ProgressMeter {
  #step: PlannedStep | null = null
  #stepStartMs = 0
  #samples: { atMs: number; done: number; rows: number }[] = []
  #lastMs = -Infinity
  #doneWeight = 0
  readonly #totalWeight: number
  readonly #rest: PlannedStep[]
  readonly #timed = new Map<string, number[]>()
  readonly #emit: (payload: Omit<EngineEvents['job.progress'], 'job'>) => void
  readonly #nowMs: () => number

  constructor(
    steps: PlannedStep[],
    emit: (payload: Omit<EngineEvents['job.progress'], 'job'>) => void,
    nowMs = () => performance.now(),
  ) {
    this.#rest = [...steps]
    this.#totalWeight = steps.reduce((sum, { stage }) => sum + weights[stage], 0)
    this.#emit = emit
    this.#nowMs = nowMs
  }

  started(step: PlannedStep): void {
    this.#step = step
    this.#stepStartMs = this.#nowMs()
    this.#samples = []
    this.#lastMs = -Infinity
  }

  ended(step: PlannedStep, outcome: 'finished' | 'reused'): void {
    if (outcome === 'finished') {
      this.#timed.set(step.stage, [...(this.#timed.get(step.stage) ?? []), this.#nowMs() - this.#stepStartMs])
    }
    this.#doneWeight += weights[step.stage]
    this.#rest.splice(this.#rest.indexOf(step), 1)
    this.#step = null
  }

  readonly report: StageContext['report'] = ({ done, total, unit, title, rows, loss = null }) => {
    const step = this.#step
    const now = this.#nowMs()
    if (!step || (now - this.#lastMs < intervalMs && done !== total)) return
    this.#lastMs = now
    // A stage may count several things in turn; a count that falls begins a new one.
    if (done < (this.#samples.at(-1)?.done ?? 0)) this.#samples = []
    this.#samples.push({ atMs: now, done, rows: rows ?? 0 })
    while (this.#samples.length > 2 && now - this.#samples[1]!.atMs > windowMs) this.#samples.shift()
    const first = this.#samples[0]!
    const perSecond = (more: number) => (now - first.atMs > 500 ? (more * 1000) / (now - first.atMs) : null)
    const rate = perSecond(done - first.done)
    const rowsRate = rows === undefined ? null : perSecond(rows - first.rows)
    const remainingMs = rate && total ? ((total - done) * 1000) / rate : null
    this.#emit({
      progress: { stage: step.stage, title: title ?? step.title, done, total, unit, rate, rowsRate, remainingMs, loss },
      overall: {
        done: this.#doneWeight + weights[step.stage] * (total ? done / total : 0),
        total: this.#totalWeight,
        remainingMs: this.#overallRemainingMs(step, remainingMs, now),
      },
    })
  }

  #overallRemainingMs(step: PlannedStep, remainingMs: number | null, now: number): number | null {
    if (remainingMs === null) return null
    let sum = remainingMs
    for (const later of this.#rest) {
      // What is there already takes no time.
      if (later === step || later.state === 'done') continue
      const timed = [...(this.#timed.get(later.stage) ?? [])]
      if (timed.length === 0 && later.stage === step.stage) timed.push(now - this.#stepStartMs + remainingMs)
      if (timed.length === 0) return null
      sum += timed.reduce((total, ms) => total + ms, 0) / timed.length
    }
    return sum
  }
}
