import { z } from 'zod'

/**
 * What the administrator of a machine sets for everybody who uses Isogloss there: /etc/isogloss/policy.yaml. A setting that is
 * left out is the person's own business.
 */

const folder = z.string().regex(/^\//, 'expected an absolute path')

export const policySettings = {
  /** Where dialogues for projects open. */
  projectFolder: folder,
  /** `cpu`: a GPU stays untouched; `auto`: the fastest there is. */
  device: z.enum(['cpu', 'auto']),
  /** The most threads of a computation; a person may ask for fewer. */
  threads: z.int().min(1).max(1024),
  /** The most memory that a step may need; one that needs more is refused before it starts. */
  memoryMiB: z.int().min(512),
  /** For what can be made again, in a folder of its own for each person: on a disk of this machine where homes are not. */
  cacheFolder: folder,
  /** The only folders, with all below them, that corpora may come from, beside the project itself. */
  importFrom: z.array(folder).min(1),
  /** A signed folder of packages; `doctor` says when it holds a newer version. */
  updateFolder: folder,
}
export type PolicyName = keyof typeof policySettings
export type Policy = { [Name in PolicyName]?: z.infer<(typeof policySettings)[Name]> }

/** What holds on a machine, as it is shown. */
export interface PolicyReport {
  file: string
  /** Whose file it is. */
  owner: string
  settings: { name: PolicyName; value: string }[]
  /** What in the file cannot be used, each with what was expected. */
  problems: string[]
}
