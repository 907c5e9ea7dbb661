import { setTimeout as sleep } from 'node:timers/promises'
import { EngineError } from '#protocol/errors.ts'
import type { Params } from '#protocol/methods.ts'
import type { Plan, PlanStep } from '#protocol/project.ts'
import { nextSteps } from '#pure/nextSteps.ts'
import { stepKey } from '#pure/stepKey.ts'
import { EngineClient, Interrupted } from '../engineClient.ts'
import { printable } from '../output.ts'
import { runJob } from '../runJob.ts'

/** A step that failed, and why. */
export interface FailedStep {
  name: string
  error: Error
}

/** An engine is given a second to stop by itself; somewhat later all of them have ended. */
const stopMs = 1500

/**
 * Makes the missing steps of an experiment up to its runs in several engine processes, each with its part of the machine's
 * threads (numbers repeat for equal counts of threads only, so a run's manifest records them), within the machine's memory.
 * A step that fails is told of, and those that do not need it go on. Ctrl+C and SIGTERM cancel all of them within a second.
 * @param jobs how many at once, at most
 * @returns the steps that failed, in the order in which they did
 * @throws Interrupted
 */
export async function runInParallel(where: Params<'experiment.runFile'>, jobs: number): Promise<FailedStep[]> {
  const pool = new EnginePool()
  let stop = (): void => undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = () => void pool.interrupt().then(() => reject(new Interrupted()))
  })
  stopped.catch(() => undefined)
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    return await Promise.race([
      workThrough(pool, where, jobs).catch((error: unknown) =>
        pool.interrupted ? stopped : Promise.reject(error as Error),
      ),
      stopped,
    ])
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    pool.close()
  }
}

/** What the command fails with when some steps did. */
export function stepsFailed(failed: FailedStep[], file: string, project: string): EngineError {
  const names = failed.map(({ name }) => name)
  return new EngineError(
    'run/steps-failed',
    `${failed.length === 1 ? 'One step' : `${failed.length} steps`} failed: ${failed.map(({ name, error }) => `${name} (${error.message})`).join('; ')} ` +
      `What was finished is kept. When the cause is gone, run the same command again, or these alone: isogloss run ${file} --project ${project} --only ${names.join(' ')}`,
    { failed: names },
  )
}

async function workThrough(pool: EnginePool, where: Params<'experiment.runFile'>, jobs: number): Promise<FailedStep[]> {
  const plan = () => pool.with({}, (engine) => engine.request('experiment.planFile', where))
  let current: Plan = await plan()
  const threads = Math.max(1, Math.floor(current.machine.threads / jobs))
  const done = new Set(current.steps.filter(({ state }) => state === 'done').map(({ id }) => id))
  const failed = new Set<string>()
  const failures: FailedStep[] = []
  const running = new Map<string, Promise<void>>()
  const missing = current.steps.length - done.size
  if (missing > 0) tell(`${missing} steps to do, at most ${jobs} at once with ${threadsText(threads)} each`)

  const work = async (step: PlanStep): Promise<void> => {
    const name = stepKey(step)
    const request = { ...where, until: 'training' as const, only: [name] }
    try {
      await pool.with({ ISOGLOSS_THREADS: String(threads) }, (engine) =>
        runJob(engine, () => engine.request('experiment.runFile', request), { name, step: step.id }),
      )
      done.add(step.id)
      // Memory of what is to be trained follows from the size of the vocabulary.
      if (step.stage === 'vocabulary') current = await plan()
    } catch (error) {
      failed.add(step.id)
      failures.push({ name, error: error as Error })
      if (!pool.interrupted) tell(`[${name}] failed: ${(error as Error).message}`)
    } finally {
      running.delete(step.id)
    }
  }
  for (;;) {
    // Those that go on are waited for where the pool is stopped.
    if (pool.interrupted) throw new Interrupted()
    const { steps, machine } = current
    const soFar = { done, failed, running: new Set(running.keys()) }
    for (const step of nextSteps(steps, soFar, { jobs, memoryBytes: machine.memoryBytes }))
      running.set(step.id, work(step))
    if (running.size === 0) return failures
    await Promise.race(running.values())
  }
}

const threadsText = (threads: number) => (threads === 1 ? 'one thread' : `${threads} threads`)

const tell = (text: string) => process.stderr.write(`${process.pid} ${printable(text)}\n`)

/** Engine processes that are used again; one that failed is not. */
class EnginePool {
  readonly #idle: { engine: EngineClient; key: string }[] = []
  readonly #busy = new Map<EngineClient, Promise<unknown>>()
  interrupted = false

  async with<Value>(
    environment: Record<string, string>,
    work: (engine: EngineClient) => Promise<Value>,
  ): Promise<Value> {
    if (this.interrupted) throw new Interrupted()
    const key = JSON.stringify(environment)
    const at = this.#idle.findIndex((one) => one.key === key)
    const engine = at >= 0 ? this.#idle.splice(at, 1)[0]!.engine : new EngineClient(undefined, environment)
    const working = work(engine)
    this.#busy.set(engine, working)
    try {
      const value = await working
      this.#idle.push({ engine, key })
      return value
    } catch (error) {
      engine.close()
      throw error
    } finally {
      this.#busy.delete(engine)
    }
  }

  /** Cancels what every engine does, and waits until all have ended, which takes little more than a second. */
  async interrupt(): Promise<void> {
    this.interrupted = true
    const working = [...this.#busy.values()]
    for (const engine of this.#busy.keys()) engine.interrupt()
    await Promise.race([Promise.allSettled(working), sleep(stopMs)])
  }

  close(): void {
    for (const { engine } of this.#idle) engine.close()
    for (const engine of this.#busy.keys()) engine.close()
  }
}
