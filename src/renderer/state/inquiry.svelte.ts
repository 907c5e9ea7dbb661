import { EngineError } from '#protocol/errors.ts'
import type { Progress } from '#protocol/events.ts'
import type { Answer, Answers, QuestionInput, QuestionKind } from '#protocol/explorer.ts'
import type { EngineConnection } from './engineConnection.ts'

type Ending = (outcome: 'finished' | 'cancelled' | EngineError) => void

interface Waiting {
  /** None of work that is done between questions. */
  question: QuestionInput | null
  urgent: boolean
  start(): void
  drop(reason: EngineError): void
}

/** Answers that are kept in the window: as many as a person goes back to. */
const mostKept = 60

const stopped = () => new EngineError('job/cancelled', 'The question was withdrawn before it was answered. Ask again.')
export const isStopped = (error: unknown): boolean => error instanceof EngineError && error.code === 'job/cancelled'

/**
 * Asks the engine about the words of a corpus. The engine runs one job at a time, so questions wait for one another: urgent
 * ones, which a person looks at, come first. Answers are kept, so that going back is at once.
 */
export class Inquiry {
  /** The question that is being answered. */
  running = $state.raw<QuestionInput | null>(null)
  progress = $state.raw<Progress | null>(null)
  readonly #connection: EngineConnection
  readonly #kept = new Map<string, Answer>()
  #waiting: Waiting[] = []
  #job: { id: string | null; cancelled: boolean; end: Ending } | null = null

  constructor(connection: EngineConnection) {
    this.#connection = connection
    connection.onDetach((reason) => this.#job?.end(reason))
    connection.on('job.progress', ({ job, progress }) => {
      if (job === this.#job?.id) this.progress = progress
    })
    connection.on('job.finished', ({ job, outcome, error }) => {
      if (job !== this.#job?.id) return
      this.#job.end(
        outcome === 'failed'
          ? new EngineError(error?.code ?? 'job/failed', error?.message ?? 'No reason was given.', error?.data)
          : outcome,
      )
    })
  }

  /**
   * @param beside what the answer depends on beside the question, such as what a variable of the project says
   * @throws EngineError as the question's kind has it; 'job/cancelled' after `withdraw`, 'job/busy' beside another job
   */
  ask<Kind extends QuestionKind>(
    question: Extract<QuestionInput, { kind: Kind }>,
    urgent = true,
    beside = '',
  ): Promise<Answers[Kind]> {
    const key = JSON.stringify(question) + beside
    const kept = this.#kept.get(key)
    if (kept) return Promise.resolve(kept as Answers[Kind])
    return new Promise<Answer>((resolve, reject) => {
      const start = () => void this.#answer(question).then(resolve, reject)
      const one: Waiting = { question, urgent, start, drop: reject }
      const before = urgent ? this.#waiting.findIndex((other) => !other.urgent) : -1
      this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, one)
      this.#next()
    }).then((answer) => {
      this.#keep(key, answer)
      return answer as Answers[Kind]
    })
  }

  /** Does something that the project's lock is needed for, which a question holds: before any question that waits. */
  between<Done>(work: () => Promise<Done>): Promise<Done> {
    return new Promise((resolve, reject) => {
      const start = () => {
        this.#job = { id: null, cancelled: false, end: () => undefined }
        void work()
          .then(resolve, reject)
          .finally(() => {
            this.#job = null
            this.#next()
          })
      }
      // One after the other, in the order in which they were wanted.
      const first = this.#waiting.findIndex(({ question }) => question !== null)
      const at = first < 0 ? this.#waiting.length : first
      this.#waiting.splice(at, 0, { question: null, urgent: true, start, drop: reject })
      this.#next()
    })
  }

  /** Stops what is being answered and refuses what waits, where `which` holds. */
  withdraw(which: (question: QuestionInput) => boolean = () => true): void {
    const isDropped = ({ question }: Waiting) => question !== null && which(question)
    const dropped = this.#waiting.filter(isDropped)
    this.#waiting = this.#waiting.filter((one) => !isDropped(one))
    for (const { drop } of dropped) drop(stopped())
    if (!this.#job || !this.running || !which(this.running) || this.#job.cancelled) return
    this.#job.cancelled = true
    if (this.#job.id !== null) void this.#cancel(this.#job.id)
  }

  /** Another project: what was asked is not wanted, and what was answered is not true any more. */
  forget(): void {
    this.withdraw()
    this.#kept.clear()
  }

  async #answer(question: QuestionInput): Promise<Answer> {
    const ended = new Promise<Parameters<Ending>[0]>((end) => (this.#job = { id: null, cancelled: false, end }))
    this.running = question
    try {
      const { job } = await this.#connection.request('explorer.ask', { question })
      if (this.#job) {
        this.#job.id = job
        if (this.#job.cancelled) await this.#cancel(job)
      }
      const outcome = await ended
      if (outcome === 'cancelled') throw stopped()
      if (outcome !== 'finished') throw outcome
      return await this.#connection.request('explorer.answer', { job })
    } finally {
      this.#job = null
      this.running = null
      this.progress = null
      this.#next()
    }
  }

  #next(): void {
    if (this.#job === null) this.#waiting.shift()?.start()
  }

  /** A job that has ended meanwhile needs no cancel. */
  async #cancel(job: string): Promise<void> {
    await this.#connection.request('job.cancel', { job }).catch(() => undefined)
  }

  #keep(key: string, answer: Answer): void {
    this.#kept.set(key, answer)
    if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!)
  }
}
