import { readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Policy, PolicyName, PolicyReport } from '#protocol/policy.ts'
import { readPolicy } from '#pure/readPolicy.ts'
import { liesIn, realPlace } from '#engine/files/containment.ts'
import { findInstallation } from '#engine/files/installation.ts'

export interface MachinePolicy {
  policy: Policy
  /** Null where the machine has no policy. */
  report: PolicyReport | null
}

let known: MachinePolicy | undefined

/** The policy of this machine, as it was when this process first asked. */
export const machinePolicy = (): MachinePolicy => (known ??= readPolicyFile(policyFile()))

/** A checkout may name another file, for tests; an installed program may not, or people would choose their own policy. */
const policyFile = () =>
  (findInstallation() ? undefined : process.env['ISOGLOSS_POLICY']) ?? '/etc/isogloss/policy.yaml'

export function readPolicyFile(file: string): MachinePolicy {
  let text: string
  let owner: string
  const problems: string[] = []
  try {
    const { uid, mode } = statSync(file)
    owner = uid === 0 ? 'root' : `the user number ${uid}`
    if (mode & 0o002) problems.push('Anybody may write to it. Take that right away: chmod o-w.')
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { policy: {}, report: null }
    return {
      policy: {},
      report: { file, owner: 'unknown', settings: [], problems: [`It cannot be read: ${message}.`] },
    }
  }
  const { policy, problems: more } = readPolicy(text)
  const settings = Object.entries(policy).map(([name, value]) => ({
    name: name as PolicyName,
    value: Array.isArray(value) ? value.join(', ') : String(value),
  }))
  problems.push(...more)
  return { policy, report: settings.length + problems.length === 0 ? null : { file, owner, settings, problems } }
}

/**
 * Makes a policy hold in a process, by the variables that its parts read; to be called before any of them does.
 * @param environment is changed
 */
export function applyPolicy({ device, threads, memoryMiB, cacheFolder }: Policy, environment: NodeJS.ProcessEnv): void {
  if (threads !== undefined) {
    const wanted = Number(environment['ISOGLOSS_THREADS'] || environment['TF_NUM_INTRAOP_THREADS'] || threads)
    // What is no number of threads is refused in words where it is read.
    if (!(wanted <= threads)) environment['ISOGLOSS_THREADS'] = String(threads)
    else environment['ISOGLOSS_THREADS'] ||= String(wanted)
  }
  if (device === 'cpu') environment['CUDA_VISIBLE_DEVICES'] = ''
  if (memoryMiB !== undefined) environment['ISOGLOSS_MEMORY_MIB'] = String(memoryMiB)
  if (cacheFolder !== undefined) environment['ISOGLOSS_CACHE'] = join(cacheFolder, userInfo().username)
}

/**
 * @param files of a corpus, absolute
 * @param project folder of the open project, which holds what was made there
 * @throws EngineError 'policy/import' for a file outside of the folders that corpora may come from (a link counts as what it
 *   leads to), 'policy/unusable' where the file says no folders that can be read
 */
export async function checkImportFrom(
  files: readonly string[],
  project: string | null,
  { policy, report }: MachinePolicy = machinePolicy(),
): Promise<void> {
  // A mistake in the line is no permission.
  const isBroken = report?.problems.some((problem) => /^importFrom|No setting holds|cannot be read/.test(problem))
  if (isBroken) {
    throw new EngineError(
      'policy/unusable',
      `The policy of this machine cannot be used, so nothing is imported: ${report?.file}: ${report?.problems.join(' ')} Ask whoever looks after this machine to correct it.`,
      { file: report?.file },
    )
  }
  if (policy.importFrom === undefined) return
  const allowed = [...policy.importFrom, ...(project === null ? [] : [project])]
  const places = await Promise.all(allowed.map(placeOf))
  for (const file of files) {
    const place = await placeOf(file)
    if (place !== null && places.some((folder) => folder !== null && liesIn(folder, place))) continue
    throw new EngineError(
      'policy/import',
      `${file} may not be imported here: ${report?.owner} allows corpora from ${policy.importFrom.join(', ')} alone (${report?.file}). Put it there, or ask whoever looks after this machine.`,
      { file },
    )
  }
}

const placeOf = (path: string): Promise<string | null> => realPlace(resolve(path)).catch(() => null)
