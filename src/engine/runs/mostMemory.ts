import { totalmem } from 'node:os'

const mebibyte = 1 << 20

/**
 * Bytes of memory that this process and its siblings may use: what the machine has, or less where a control group, a
 * scheduler (SLURM_MEM_PER_NODE, SLURM_MEM_PER_CPU, in MiB) or the machine's policy (ISOGLOSS_MEMORY_MIB) says so.
 */
export function mostMemoryBytes(environment: NodeJS.ProcessEnv = process.env): number {
  const inMebibytes = (name: string, times = 1) => (Number(environment[name]) || Infinity) * times * mebibyte
  // Zero where nothing is said, an absurd number where there is no limit.
  const constrained = process.constrainedMemory() || Infinity
  return Math.min(
    totalmem(),
    constrained,
    inMebibytes('SLURM_MEM_PER_NODE'),
    inMebibytes('SLURM_MEM_PER_CPU', Number(environment['SLURM_CPUS_ON_NODE']) || 1),
    inMebibytes('ISOGLOSS_MEMORY_MIB'),
  )
}
