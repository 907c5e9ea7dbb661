import { randomBytes } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineError } from '#protocol/errors.ts'
import type { UnlockedProject } from '#protocol/project.ts'
import { assertInside } from '#engine/files/containment.ts'
import { abandonment, breakFileLock, removeAbandoned, takeFileLock, type Judge } from './fileLock.mjs'
import type { Holder } from './lockHolder.mjs'
import { openProject } from './projectFolder.ts'

/** How long a holder that is just going away is waited for. */
const patienceMs = 3000

const lockOf = (directory: string) => join(directory, 'lock')

/** Where every task that works side by side with others has a lock of its own. */
const tasksOf = (directory: string) => join(directory, 'tasks')
const retryMs = 100

interface LockWatch {
  /** Ends the wait for a holder. */
  signal?: AbortSignal
  /** Told once if another program takes the lock from us: work on the project must stop. */
  lost?: (error: EngineError) => void
}

/**
 * Takes the whole project for writing, with no task beside it; readers need no lock, since artefacts appear whole or not at all.
 * @returns a function that gives it back
 * @throws EngineError 'project/locked' where another program works on it
 */
export async function lockProject(directory: string, watch: LockWatch = {}): Promise<() => Promise<void>> {
  const deadline = performance.now() + patienceMs
  const unlock = await takeProjectLock(directory, watch)
  const judge = abandonment()
  try {
    for (;;) {
      const tasks = await tasksThere(directory, judge)
      if (tasks.length === 0) return unlock
      watch.signal?.throwIfAborted()
      const holder = tasks.find(({ watched }) => !watched)?.holder
      if (holder && performance.now() > deadline) throw locked(directory, holder)
      await sleep(retryMs)
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

/** Takes the file `lock`: held for long by who has the whole project, for a moment by tasks that come, go or note something. */
function takeProjectLock(directory: string, { signal, lost }: LockWatch): Promise<() => Promise<void>> {
  let deadline = performance.now() + patienceMs
  let held: string | undefined
  return takeFileLock(lockOf(directory), {
    waiting(holder, watched) {
      signal?.throwIfAborted()
      // Of many tasks that come at once each holds it in turn: only one that keeps it is given up on.
      if (holder && holder.token !== held) {
        held = holder.token
        deadline = performance.now() + patienceMs
      }
      if (holder && !watched && performance.now() > deadline) throw locked(directory, holder)
    },
    lost: () => lost?.(lockLost(directory)),
  })
}

/**
 * Who works on the project as a task, but for `self`; the locks of tasks that are gone are removed. Those that look abandoned
 * are there until a later call with the same judge shows it: whoever holds the project's lock keeps nobody waiting for that.
 */
async function tasksThere(
  directory: string,
  judge: Judge,
  self?: string,
): Promise<{ holder: Holder | null; watched: boolean }[]> {
  const folder = tasksOf(directory)
  await assertInside(directory, folder)
  const there = []
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(taskEnding) || name === self) continue
    const found = await removeAbandoned(join(folder, name), judge)
    if (found && !found.removed) there.push(found)
  }
  return there
}
const taskEnding = '.task'

/** Waits, for seconds and without a lock, while there are tasks that look abandoned. */
async function untilJudged(directory: string, judge: Judge, signal: AbortSignal): Promise<void> {
  while ((await tasksThere(directory, judge)).some(({ watched }) => watched)) {
    signal.throwIfAborted()
    await sleep(retryMs)
  }
}

/** A project as one of its tasks knows it. */
export interface SharedProject {
  /** Aborted when the task is cancelled, and when its lock is lost. */
  signal: AbortSignal
  /** Does something short while no other task comes, goes, or does the like; `alone`: no other one is there. */
  briefly<Value>(work: (alone: boolean) => Promise<Value>): Promise<Value>
}

/**
 * Works on the project beside other tasks that do so, on this machine or on others that share its folder, and beside nobody who
 * has it whole. What two tasks would both write is for `withArtefactLock` and `briefly`.
 * @param joined done before any other task can come or go; `alone`: no other one is there
 * @throws EngineError 'project/locked' or 'project/lock-lost'
 */
export async function shareProject<Value>(
  directory: string,
  signal: AbortSignal,
  joined: (alone: boolean) => Promise<void>,
  work: (project: SharedProject) => Promise<Value>,
): Promise<Value> {
  const loss = new AbortController()
  const name = `${randomBytes(8).toString('hex')}${taskEnding}`
  const judge = abandonment()
  const briefly: SharedProject['briefly'] = async (work) => {
    const unlock = await takeProjectLock(directory, { signal })
    try {
      return await work((await tasksThere(directory, judge, name)).length === 0)
    } finally {
      await unlock()
    }
  }
  await untilJudged(directory, judge, signal)
  const leave = await briefly(async (alone) => {
    await joined(alone)
    await mkdir(tasksOf(directory), { recursive: true })
    return takeFileLock(join(tasksOf(directory), name), {
      waiting: () => signal.throwIfAborted(),
      lost: () => loss.abort(lockLost(directory)),
    })
  })
  try {
    return await work({ signal: AbortSignal.any([signal, loss.signal]), briefly })
  } catch (error) {
    loss.signal.throwIfAborted()
    throw error
  } finally {
    await leave()
  }
}

/**
 * Works on the whole project, with no task beside it.
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
  const folder = tasksOf(directory)
  const tasks = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(taskEnding))
  let first: UnlockedProject = { unlocked: false, holder: null }
  for (const path of [lockOf(directory), ...tasks.map((name) => join(folder, name))]) {
    const found = await breakFileLock(path, force)
    if (found && !found.removed) throw locked(directory, found.holder)
    if (found && !first.unlocked) first = { unlocked: true, holder: found.holder }
  }
  return first
}

const lockLost = (directory: string) =>
  new EngineError(
    'project/lock-lost',
    `Another program took over ${directory} while this one worked on it: this machine slept for minutes, or somebody ran "isogloss unlock --force". ` +
      'This one stopped; run again when the other one is done, and finished steps are kept.',
  )

function locked(directory: string, holder: Holder): EngineError {
  return new EngineError(
    'project/locked',
    `Another program works on ${directory}: process ${holder.processId} on ${holder.host}, since ${holder.since}. Wait for it or cancel it there; ` +
      `if it is gone, run: isogloss unlock --project ${directory} (another machine's lock once it was silent for five minutes; with --force at once).`,
    { ...holder },
  )
}
