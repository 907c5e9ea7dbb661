import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { placeExclusively, temporaryBeside } from '../files/exclusiveFile.mjs'
import { isEarlierStart, lifeOf, parseHolder, thisHolder } from './lockHolder.mjs'
import { isOverForSlurm } from './slurmTask.mjs'

/**
 * Locks that are files, for processes of one machine or of several that share a folder. Plain JavaScript: the set-up's
 * scripts use it before anything is installed or compiled.
 *
 * A lock appears with all of its content at once and is removed under a claim, a second lock that is named after the
 * first one's content: of several that find it abandoned only one may remove it, and never the lock that came after it.
 * @typedef {import('./lockHolder.mjs').Holder} Holder
 * @typedef {{ text: string, mtimeMs: number, holder: Holder | null }} Found holder is null where the file is damaged
 * @typedef {(path: string, found: Found) => Promise<'held' | 'watched' | 'abandoned'>} Judge
 */

/** A holder writes to its lock this often. */
const beatMs = 5_000
/** A lock that was not written to for so long is abandoned: minutes, since a holder may compute without a pause. */
const stillMs = 5 * 60_000
/** What looks abandoned by its time of change is watched for so long: that time may come from another machine's clock. */
const watchMs = 2.4 * beatMs
/** Slurm is asked this often about the job of a holder that one waits for. */
const askMs = 10_000
/** A damaged file may be in the writing where the file system has no links. */
const damagedMs = 2_000
const retryMs = 200
/** A claim or a temporary file lives for milliseconds, or as long as its process is held in them. */
const litterMs = 60 * 60_000

/**
 * Takes a lock, waiting for its holder. A holder of this machine that died loses it at once; one that was a job of Slurm which
 * is over, or an earlier start of our own job, when its heartbeat has stood still for twelve seconds, since its node may only
 * have lost touch; any other one after five minutes; a damaged file after two seconds.
 * @param {string} path
 * @param {object} tell
 * @param {(holder: Holder | null, watched: boolean) => void} tell.waiting called at each retry, throws to give up;
 *   `watched`: it looks abandoned, which seconds will show
 * @param {() => void} [tell.lost] another process took the lock from us, by force or while this machine slept
 * @returns {Promise<() => Promise<void>>} gives the lock back, if it is still ours
 */
export async function takeFileLock(path, { waiting, lost = () => undefined }) {
  const judge = abandonment()
  for (;;) {
    const found = await look(path)
    if (found === null) {
      const mine = JSON.stringify(thisHolder())
      if (!(await create(path, mine))) continue
      await sweep(path).catch(() => undefined)
      return hold(path, mine, lost)
    }
    const state = await judge(path, found)
    if (state === 'abandoned') await remove(path, found.text, judge)
    else {
      waiting(found.holder, state === 'watched')
      await sleep(retryMs)
    }
  }
}

/**
 * Removes a lock that is abandoned, or any lock by force.
 * @param {string} path
 * @param {boolean} force
 * @returns {Promise<{ removed: true, holder: Holder | null } | { removed: false, holder: Holder } | null>} whose lock it was or
 *   is; null where there is none
 */
export async function breakFileLock(path, force) {
  const judge = abandonment()
  for (;;) {
    const found = force ? await removeAny(path, judge) : await removeAbandoned(path, judge)
    if (found === null) return null
    const { removed, watched, holder } = found
    if (removed) return { removed, holder }
    // What is damaged is never held.
    if (!watched) return { removed, holder: /** @type {Holder} */ (holder) }
    await sleep(retryMs)
  }
}

/**
 * Removes a lock that is abandoned, without waiting until that shows: one that looks so is for a later call with the same judge.
 * @param {string} path
 * @param {Judge} judge
 * @returns {Promise<{ removed: boolean, watched: boolean, holder: Holder | null } | null>} `watched`: seconds will show; null
 *   where there is none
 */
export async function removeAbandoned(path, judge) {
  const found = await look(path)
  if (found === null) return null
  const state = await judge(path, found)
  const removed = state === 'abandoned' && (await remove(path, found.text, judge))
  // What another one is removing just now will be gone.
  return { removed, watched: !removed && state !== 'held', holder: found.holder }
}

/**
 * @param {string} path
 * @param {Judge} judge
 */
async function removeAny(path, judge) {
  const found = await look(path)
  if (found === null) return null
  const removed = await remove(path, found.text, judge)
  return { removed, watched: !removed, holder: found.holder }
}

/**
 * @param {string} path
 * @param {string} mine
 * @param {() => void} lost
 */
function hold(path, mine, lost) {
  let given = false
  const beat = async () => {
    if ((await touch(path, mine)) || given) return
    clearInterval(timer)
    lost()
  }
  // A folder that cannot be reached for a while does not end the work: the next beat tries again.
  const timer = setInterval(() => void beat().catch(() => undefined), beatMs)
  timer.unref()
  return async () => {
    given = true
    clearInterval(timer)
    await remove(path, mine, abandonment()).catch(async () => {
      // A full disk has no room for a claim.
      if ((await look(path))?.text === mine) await unlink(path)
    })
  }
}

/**
 * Writes a byte that is there already: the time of change is then the file server's, as that of all files it is compared to.
 * @param {string} path
 * @param {string} mine
 * @returns {Promise<boolean>} false where the lock is not ours any more
 */
async function touch(path, mine) {
  const file = await openPlain(path, constants.O_RDWR)
  if (file === null) return false
  try {
    if ((await textOf(file)) !== mine) return false
    await file.write(mine.slice(0, 1), 0)
    return true
  } finally {
    await file.close()
  }
}

/**
 * Removes the lock with this content, unless it is gone or another process is removing it.
 * @param {string} path
 * @param {string} text
 * @param {Judge} judge
 * @returns {Promise<boolean>} whether it was removed
 */
async function remove(path, text, judge) {
  const claim = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  if (!(await create(claim, JSON.stringify(thisHolder())))) {
    // Its holder needs milliseconds, or was killed in them.
    await sleep(20)
    const other = await look(claim)
    if (other && (await judge(claim, other)) === 'abandoned') await remove(claim, other.text, judge)
    return false
  }
  try {
    if ((await look(path))?.text !== text) return false
    await unlink(path)
    return true
  } finally {
    await rm(claim, { force: true })
  }
}

/**
 * Judges by what it saw of a lock at earlier calls, on a clock that does not jump.
 * @returns {Judge}
 */
export function abandonment() {
  /** @type {Map<string, { text: string, mtimeMs: number, oldMs: number, sinceMs: number }>} */
  const seen = new Map()
  const isOver = jobsThatAreOver()
  return async (path, { text, mtimeMs, holder }) => {
    const life = holder === null ? 'unknown' : lifeOf(holder)
    if (life !== 'unknown') return life === 'dead' ? 'abandoned' : 'held'
    let since = seen.get(path)
    if (since?.text !== text || since.mtimeMs !== mtimeMs) {
      // A lock of an earlier version has no heartbeat: its holder spoke once, whatever a copy made of the file's time.
      const silentSinceMs = Math.min(
        mtimeMs,
        (holder?.token === undefined && Date.parse(holder?.since ?? '')) || mtimeMs,
      )
      since = { text, mtimeMs, oldMs: (await folderNowMs(path)) - silentSinceMs, sinceMs: performance.now() }
      seen.set(path, since)
    }
    const watchedMs = performance.now() - since.sinceMs
    if (holder === null) return watchedMs < damagedMs ? 'watched' : 'abandoned'
    const silentMs = since.oldMs + watchedMs
    if (await isOver(holder)) return silentMs < watchMs ? 'watched' : 'abandoned'
    if (silentMs < stillMs) return 'held'
    return watchedMs < watchMs ? 'watched' : 'abandoned'
  }
}

/**
 * Tells holders whose job of Slurm is not running any more, and asks it no more often than is good for it.
 * @returns {(holder: Holder) => Promise<boolean>}
 */
function jobsThatAreOver() {
  /** @type {Map<string, { over: boolean, askedMs: number }>} */
  const known = new Map()
  return async (holder) => {
    if (!holder.slurm) return false
    if (isEarlierStart(holder)) return true
    const key = holder.token ?? ''
    let answer = known.get(key)
    if (!answer || (!answer.over && performance.now() - answer.askedMs > askMs)) {
      answer = { over: await isOverForSlurm(holder.slurm), askedMs: performance.now() }
      known.set(key, answer)
    }
    return answer.over
  }
}

/**
 * The time by the clock that dates the files beside this one, which need not be ours.
 * @param {string} path
 */
async function folderNowMs(path) {
  const probe = temporaryBeside(path)
  try {
    await writeFile(probe, '', { flag: 'wx' })
    return (await stat(probe)).mtimeMs
  } finally {
    await rm(probe, { force: true })
  }
}

/**
 * @param {string} path
 * @param {string} content
 * @returns {Promise<boolean>} false where it is there already
 */
async function create(path, content) {
  const temporary = temporaryBeside(path)
  try {
    await writeFile(temporary, content, { flag: 'wx' })
    return await placeExclusively(temporary, path)
  } finally {
    await rm(temporary, { force: true })
  }
}

/**
 * Removes what processes that were killed in the act left beside a lock that is ours. A claim of a sleeper may go: it is
 * of an earlier lock, and shows again that this one is another.
 * @param {string} path
 */
async function sweep(path) {
  const now = (await stat(path)).mtimeMs
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !/^\.[0-9a-f]{16}(\.|$)/.test(name.slice(basename(path).length)))
      continue
    const litter = join(dirname(path), name)
    if (now - (await lstat(litter)).mtimeMs > litterMs) await rm(litter, { force: true })
  }
}

/**
 * Who holds a lock, for those who only look: nothing is written or waited for.
 * @param {string} path
 * @returns {Promise<Holder | null>} null where nobody does, or nobody has written to it for minutes by this machine's clock
 */
export async function holderOf(path) {
  const found = await look(path).catch(() => null)
  if (!found?.holder || lifeOf(found.holder) === 'dead') return null
  return Date.now() - found.mtimeMs < stillMs ? found.holder : null
}

/**
 * @param {string} path
 * @returns {Promise<Found | null>} null where there is none; what is no file, such as a link, is damaged
 */
async function look(path) {
  const file = await openPlain(path, constants.O_RDONLY)
  if (file === null) {
    const other = await lstat(path).catch(() => null)
    return other && !other.isFile() ? { text: '', mtimeMs: other.mtimeMs, holder: null } : null
  }
  try {
    const { mtimeMs } = await file.stat()
    const text = await textOf(file)
    return { text, mtimeMs, holder: parseHolder(text) }
  } finally {
    await file.close()
  }
}

/**
 * Opens a file that is no link, pipe or device; null where there is none.
 * @param {string} path
 * @param {number} mode
 */
async function openPlain(path, mode) {
  // Windows has neither flag.
  const flags = mode | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const file = await open(path, flags).catch((/** @type {NodeJS.ErrnoException} */ error) => {
    if (['ENOENT', 'ELOOP', 'ENXIO'].includes(error.code ?? '')) return null
    throw error
  })
  if (file === null || (await file.stat()).isFile()) return file
  await file.close()
  return null
}

const longestText = 4096

/** @param {import('node:fs/promises').FileHandle} file */
async function textOf(file) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(longestText), 0, longestText, 0)
  return buffer.toString('utf8', 0, bytesRead)
}
