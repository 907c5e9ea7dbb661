import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { takeFileLock } from '../../src/engine/runs/fileLock.mjs'

/**
 * Does work that only one process may do at a time; waits while another does it. A dead holder's lock is taken over.
 * @template T
 * @param {string} path the lock's file; it names its holder
 * @param {() => Promise<T>} work
 * @param {(line: string) => void} say told once if it has to wait
 */
export async function withLock(path, work, say) {
  await mkdir(dirname(path), { recursive: true })
  let told = false
  const unlock = await takeFileLock(path, {
    waiting(holder) {
      if (holder && !told) say(`another set-up or build (process ${holder.processId}) is at work; waiting for it`)
      told ||= holder !== null
    },
  })
  try {
    return await work()
  } finally {
    await unlock()
  }
}
