import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { EngineError } from '#protocol/errors.ts'
import type { EngineEvents, EventName } from '#protocol/events.ts'
import type { MethodName, Params, Result } from '#protocol/methods.ts'
import type { FromEngine, Request } from '#protocol/wire.ts'

type Listener = (event: EventName, payload: EngineEvents[EventName]) => void

/** How long a cancelled engine may take to stop by itself; checkpoints make killing it safe. */
const graceMs = 1000

/** The engine as a child process, spoken to by the protocol. */
export class EngineClient {
  readonly #child: ChildProcess
  readonly #pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  readonly #listeners = new Set<Listener>()
  readonly #mourners = new Set<(error: EngineError) => void>()
  #nextId = 1
  #job: { id: string; resolve(): void; reject(error: Error): void } | null = null
  /** How jobs ended that nobody waited for yet: one that fails at once ends before its caller has heard its id. */
  readonly #ended = new Map<string, EngineEvents['job.finished']>()
  #closed = false

  /** @param environment beside this process's own */
  constructor(
    engine = fileURLToPath(new URL('./engineProcess.js', import.meta.url)),
    environment: Record<string, string> = {},
  ) {
    this.#child = fork(engine, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      env: { ...process.env, ...environment },
    })
    this.#child.on('message', (message) => this.#receive(message as FromEngine))
    this.#child.on('exit', (code, signal) => this.#lost(code, signal))
    // It could not be started, or a message did not reach it; in the second case its exit follows.
    this.#child.on('error', () => this.#lost(this.#child.exitCode, this.#child.signalCode))
  }

  request<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name>> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: (result) => resolve(result as Result<Name>), reject })
      if (this.#child.connected) this.#child.send({ kind: 'request', id, method, params } satisfies Request)
      else reject(engineEnded(this.#child.exitCode, this.#child.signalCode))
    })
  }

  /** @returns a function that ends the listening */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Hears that the engine ended by itself: no event follows. */
  onLost(listener: (error: EngineError) => void): void {
    this.#mourners.add(listener)
  }

  /** Waits for a job's end; rejects with its error, or with `Interrupted` where it was cancelled. */
  finished(job: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#job = { id: job, resolve, reject }
      const ended = this.#ended.get(job)
      if (ended) this.#settle(ended)
    })
  }

  /**
   * Cancels the running job; an engine that does not stop within a second is killed.
   * @returns false where no job runs whose end would tell of it
   */
  interrupt(): boolean {
    const job = this.#job
    if (!job) {
      this.close()
      return false
    }
    void this.request('job.cancel', { job: job.id }).catch(() => undefined)
    setTimeout(() => {
      if (this.#job !== job) return
      this.#closed = true
      this.#child.kill('SIGKILL')
      job.reject(new Interrupted())
    }, graceMs)
    return true
  }

  close(): void {
    this.#closed = true
    if (this.#child.connected) this.#child.disconnect()
  }

  #receive(message: FromEngine): void {
    if (message.kind === 'event') {
      if (message.event === 'job.finished') this.#settle(message.payload)
      for (const listener of this.#listeners) listener(message.event, message.payload)
      return
    }
    // Without an id it answers a message that was no request, and none of ours is.
    if (message.id === null) return
    const pending = this.#pending.get(message.id)
    this.#pending.delete(message.id)
    if ('error' in message)
      pending?.reject(new EngineError(message.error.code, message.error.message, message.error.data))
    else pending?.resolve(message.result)
  }

  #settle(ended: EngineEvents['job.finished']): void {
    const waiting = this.#job
    if (waiting?.id !== ended.job) {
      this.#ended.set(ended.job, ended)
      return
    }
    this.#job = null
    const { outcome, error } = ended
    if (outcome === 'finished') waiting.resolve()
    else if (outcome === 'cancelled') waiting.reject(new Interrupted())
    else waiting.reject(new EngineError(error!.code, error!.message, error!.data))
  }

  #lost(code: number | null, signal: string | null): void {
    if (this.#closed) return
    const error = engineEnded(code, signal)
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
    this.#job?.reject(error)
    for (const mourner of this.#mourners) mourner(error)
  }
}

const engineEnded = (code: number | null, signal: string | null) =>
  new EngineError(
    'engine/crashed',
    `The engine ended unexpectedly (${signal ? `signal ${signal}` : `exit code ${code}`}). What was finished is kept; the same command resumes from the last checkpoint.`,
  )

/** The work was interrupted and can be resumed. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted. What was finished is kept; the same command resumes.')
    this.name = 'Interrupted'
  }
}
