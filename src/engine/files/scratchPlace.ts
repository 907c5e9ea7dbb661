import { randomBytes } from 'node:crypto'
import { statfsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Linux's number of a file system in memory, which is what a temporary file of rows is to save. */
const inMemory = 0x01021994

/**
 * Where a temporary file goes that nobody else reads and that is never renamed: in a job of Slurm to $TMPDIR, the node's own
 * disk, where that is no part of the file system of its artefact; else where it was meant to lie.
 * @param path beside its artefact
 */
export function scratchPlace(path: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { TMPDIR: scratch, SLURM_JOB_ID: job } = environment
  if (!scratch || !job) return path
  try {
    const isElsewhere = statSync(scratch).dev !== statSync(dirname(path)).dev
    if (!isElsewhere || statfsSync(scratch).type === inMemory) return path
  } catch {
    return path
  }
  return join(scratch, `isogloss-${randomBytes(8).toString('hex')}-${basename(path)}`)
}
