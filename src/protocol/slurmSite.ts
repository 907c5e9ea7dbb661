import { z } from 'zod'

const word = z.string().regex(/^[^\s'"$`\\]+$/, 'expected one word without quotes, $ and backslashes')
const line = z.string().regex(/^[^\r\n]+$/, 'expected one line')

/** What YAML reads as a number where its author wrote minutes, or megabytes. */
const wordOrNumber = z.union([word, z.number().int().positive().transform(String)])

/** `slurm.yaml`: what a site's Slurm wants to be told, for every experiment. */
export const slurmSite = z.strictObject({
  partition: word.optional(),
  account: wordOrNumber.optional(),
  /** Such as `gpu:1`; for runs alone. */
  gres: word.optional(),
  /** Of one task, as sbatch reads it: one that needs longer goes on from its checkpoint. */
  time: wordOrNumber.default('24:00:00'),
  memory: wordOrNumber.default('8G'),
  cpus: z.number().int().min(1).max(1024).default(4),
  modules: z.array(word).default([]),
  /** How many tasks an array may have: `scontrol show config` names MaxArraySize, one more than the largest index. */
  maxArraySize: z.number().int().min(1).max(1_000_000).default(1000),
  /** How many tasks of an array run at once, at most. */
  atOnce: z.number().int().min(1).optional(),
  /** How often a task that meets its time limit is queued again. */
  requeues: z.number().int().min(0).default(50),
  /** Further options of sbatch, such as `--constraint=skylake`. */
  extra: z.array(line).default([]),
  /** Lines of bash before the program is called. */
  before: z.array(line).default([]),
  /** How the program is called on a node. */
  isogloss: line.default('isogloss'),
})
export type SlurmSite = z.infer<typeof slurmSite>
