import { link, mkdir, readFile, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A holder proves that it lives by touching its lock this often; one silent for longer than `deadMs` is taken for dead. */
const beatMs = 5_000
const deadMs = 60_000

/**
 * Does work that only one process may do at a time; waits while another does it. A dead holder's lock is taken over.
 * @template T
 * @param {string} path the lock's file; it names its holder: host, process id, moment
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} say told once if it has to wait
 */
export async function withLock(path, work, say) {
  await mkdir(dirname(path), { recursive: true })
  const me = JSON.stringify({ host: hostname(), pid: process.pid, at: Date.now() })
  for (let told = false; !(await create(path, me));) {
    const holder = await readFile(path, 'utf8').catch(() => null)
    if (holder === null) continue
    if (await isDead(path, holder)) {
      await takeAway(path, holder)
      continue
    }
    if (!told) say(`another set-up or build (process ${JSON.parse(holder).pid}) is at work; waiting for it`)
    told = true
    await sleep(200)
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), beatMs)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await rm(path, { force: true })
  }
}

/** Creates the file with all of its content at once: nobody ever reads half a lock. */
async function create(/** @type {string} */ path, /** @type {string} */ content) {
  const temporary = `${path}.${process.pid}`
  await writeFile(temporary, content)
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    return false
  } finally {
    await rm(temporary, { force: true })
  }
}

async function isDead(/** @type {string} */ path, /** @type {string} */ holder) {
  const { host, pid } = JSON.parse(holder)
  if (host === hostname() && !isAlive(pid)) return true
  const found = await stat(path).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs > deadMs
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/** Of several that wait, only the one that holds the second lock may remove the first, and only if it is still the dead one's. */
async function takeAway(/** @type {string} */ path, /** @type {string} */ holder) {
  const second = `${path}.takeover`
  if (!(await create(second, holder))) {
    // Its holder needs milliseconds; if it is old, that one died as well.
    const found = await stat(second).catch(() => null)
    if (found !== null && Date.now() - found.mtimeMs > beatMs) await rm(second, { force: true })
    await sleep(20)
    return
  }
  try {
    if ((await readFile(path, 'utf8').catch(() => null)) === holder) await unlink(path)
  } finally {
    await rm(second, { force: true })
  }
}
