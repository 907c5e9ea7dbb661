import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { UnlockedProject } from '#protocol/project.ts'
import { breakFileLock, takeFileLock } from './fileLock.mjs'
import type { Holder } from './lockHolder.mjs'
import { openProject } from './projectFolder.ts'

/** How long a holder that is just going away is waited for. */
const patienceMs = 3000

const lockOf = (directory: string) => join(directory, 'lock')

/**
 * Takes the project for writing; readers need no lock, since artefacts appear whole or not at all.
 * @param watch.signal ends the wait for a holder
 * @param watch.lost told once if another program takes the lock from us: work on the project must stop
 * @returns a function that gives it back
 * @throws EngineError 'project/locked' where another program works on it
 */
export function lockProject(
  directory: string,
  { signal, lost }: { signal?: AbortSignal; lost?: (error: EngineError) => void } = {},
): Promise<() => Promise<void>> {
  const deadline = performance.now() + patienceMs
  return takeFileLock(lockOf(directory), {
    waiting(holder, watched) {
      signal?.throwIfAborted()
      if (holder && !watched && performance.now() > deadline) throw locked(directory, holder)
    },
    lost: () =>
      lost?.(
        new EngineError(
          'project/lock-lost',
          `Another program took over ${directory} while this one worked on it: this machine slept for minutes, or somebody ran "isogloss unlock --force". ` +
            'This one stopped; run again when the other one is done, and finished steps are kept.',
        ),
      ),
  })
}

/**
 * Works on the project under its lock.
 * @param work gets a signal that is aborted as `signal` is, and when the lock is lost
 * @throws EngineError 'project/locked' or 'project/lock-lost'
 */
export async function withProjectLock<Value>(
  directory: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const loss = new AbortController()
  const unlock = await lockProject(directory, { signal, lost: (error) => loss.abort(error) })
  try {
    return await work(AbortSignal.any([signal, loss.signal]))
  } catch (error) {
    loss.signal.throwIfAborted()
    throw error
  } finally {
    await unlock()
  }
}

/**
 * Removes the lock that a dead program left on a project, or any by force.
 * @throws EngineError 'project/locked' where its holder lives, or may live, and `force` is not set
 */
export async function unlockProject(directory: string, force: boolean): Promise<UnlockedProject> {
  // A damaged project can be unlocked, a folder that is none may have a file "lock" of its own.
  await openProject(directory).catch((error: EngineError) => {
    if (error.code === 'project/not-found') throw error
  })
  const found = await breakFileLock(lockOf(directory), force)
  if (found && !found.removed) throw locked(directory, found.holder)
  return { unlocked: found !== null, holder: found?.holder ?? null }
}

function locked(directory: string, holder: Holder): EngineError {
  return new EngineError(
    'project/locked',
    `Another program works on ${directory}: process ${holder.processId} on ${holder.host}, since ${holder.since}. Wait for it or cancel it there; ` +
      `if it is gone, run: isogloss unlock --project ${directory} (another machine's lock once it was silent for five minutes; with --force at once).`,
    { ...holder },
  )
}
