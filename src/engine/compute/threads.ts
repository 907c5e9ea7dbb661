import { availableParallelism } from 'node:os'
import { EngineError } from '#protocol/errors.ts'

/**
 * How many threads one native operation may use. Sums are split by thread, so results repeat only for the same number.
 * Order: ISOGLOSS_THREADS, TF_NUM_INTRAOP_THREADS, what Slurm gave (SLURM_CPUS_PER_TASK, which is unset without `-c`, then
 * SLURM_CPUS_ON_NODE), the cores that this process may use.
 * @throws EngineError 'compute/threads'
 */
export function chooseThreads(environment: NodeJS.ProcessEnv): number {
  for (const name of ['ISOGLOSS_THREADS', 'TF_NUM_INTRAOP_THREADS', 'SLURM_CPUS_PER_TASK', 'SLURM_CPUS_ON_NODE']) {
    const value = environment[name]
    if (value === undefined || value === '') continue
    const threads = Number(value)
    if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
      throw new EngineError(
        'compute/threads',
        `${name} is "${value}", expected a whole number from 1 to 1024. Correct it, or leave it out to use every core.`,
      )
    }
    return threads
  }
  return availableParallelism()
}
