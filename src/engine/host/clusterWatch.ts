import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterWork } from '#protocol/cluster.ts'
import { clusterWork, stateOf } from '#engine/runs/cluster/clusterWork.ts'
import { slurmQueue, type SlurmAnswer } from '#engine/runs/cluster/slurmQueue.ts'
import type { Emit } from './jobs.ts'
import type { Project } from './project.ts'

/** Slurm's controller serves everybody: it is asked soon after something happened, and ever less often where nothing does. */
const [soonestMs, latestMs] = [2_000, 30_000]
/** How often the folder is looked at where nothing was submitted yet: Slurm has no part in that. */
const emptyMs = 5_000
/** How often Slurm is asked again of tasks that are over. */
const overMs = 300_000

/** Looks at what was given to a cluster of one experiment at a time, and tells its client of every change. */
export class ClusterWatch {
  readonly #emit: Emit
  #watching = new AbortController()

  constructor(emit: Emit) {
    this.#emit = emit
  }

  /**
   * Watches from now on, instead of what was watched before, until the client leaves the project.
   * @param foldersOf where the submissions lie at each look
   * @returns the first look
   */
  async watch(
    { store }: Project,
    name: string,
    foldersOf: () => Promise<string[]>,
    left: AbortSignal,
  ): Promise<ClusterWork | null> {
    this.#watching.abort()
    const watching = (this.#watching = new AbortController())
    const signal = AbortSignal.any([watching.signal, left])
    const ask = questionsToSlurm()
    const look = async () => clusterWork(store, name, await foldersOf(), ask)
    const first = await look()
    void this.#follow(name, look, first, signal)
    return first
  }

  stop(): void {
    this.#watching.abort()
  }

  async #follow(
    experiment: string,
    look: () => Promise<ClusterWork | null>,
    first: ClusterWork | null,
    signal: AbortSignal,
  ): Promise<void> {
    let before = JSON.stringify(first)
    let isEmpty = first === null
    let waitMs = soonestMs
    for (;;) {
      await sleep(isEmpty ? emptyMs : waitMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted) return
      // What cannot be read just now, as a folder on a server that is away, is looked at again.
      const work = await look().catch(() => undefined)
      if (signal.aborted) return
      if (work === undefined) continue
      const now = JSON.stringify(work)
      if (now !== before) this.#emit('cluster.changed', { experiment, work })
      isEmpty = work === null
      waitMs = now === before ? Math.min(latestMs, waitMs * 1.5) : soonestMs
      before = now
    }
  }
}

/** Asks Slurm, but seldom of tasks that it has all called over: only a person's `scontrol requeue` changes those. */
function questionsToSlurm(): (wanted: string[]) => Promise<SlurmAnswer> {
  let last: { wanted: Set<string>; answer: SlurmAnswer; askedMs: number } | null = null
  return async (wanted) => {
    const isKnown =
      last !== null &&
      performance.now() - last.askedMs < overMs &&
      wanted.every((task) => last!.wanted.has(task) && isOver(last!.answer, task))
    if (last === null || !isKnown)
      last = { wanted: new Set(wanted), answer: await slurmQueue(wanted), askedMs: performance.now() }
    return last.answer
  }
}

const isOver = ({ tasks, silent }: SlurmAnswer, task: string) =>
  silent === null && /^(failed|cancelled)$/.test(stateOf(false, tasks.get(task) ?? null, false))
