import { open, readFile, rm } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'

/** Who holds a lock, as its file says. */
export interface Holder {
  host: string
  processId: number
  /** When the process started, as its system counts; tells a reused process id from the holder. */
  processStart: string
  since: string
}

const retryMs = 200

/**
 * Takes a lock that is a file; a dead holder's lock is taken at once.
 * @param waiting called at each retry while another process holds it; throws to give up
 * @returns a function that gives it back
 */
export async function takeFileLock(path: string, waiting: (holder: Holder) => void): Promise<() => Promise<void>> {
  const mine: Holder = {
    host: hostname(),
    processId: process.pid,
    processStart: processStart(process.pid),
    since: new Date().toISOString(),
  }
  for (;;) {
    try {
      const file = await open(path, 'wx')
      try {
        await file.writeFile(JSON.stringify(mine))
      } catch (error) {
        await rm(path, { force: true })
        throw error
      } finally {
        await file.close()
      }
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = await readHolder(path)
    if (holder === 'gone') continue
    if (holder === 'unreadable' || isDead(holder)) {
      // Written by a process that was killed in the act, unless it is being written this moment.
      if (holder === 'unreadable') await setTimeout(100)
      const again = await readHolder(path)
      if (JSON.stringify(again) === JSON.stringify(holder)) await rm(path, { force: true })
      continue
    }
    waiting(holder)
    await setTimeout(retryMs)
  }
}

async function readHolder(path: string): Promise<Holder | 'gone' | 'unreadable'> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable'
  }
}

function isDead({ host, processId, processStart: start }: Holder): boolean {
  if (host !== hostname()) return false
  try {
    process.kill(processId, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
  return start !== '' && start !== processStart(processId)
}

/** Field 22 of /proc/PID/stat (clock ticks since boot); empty where there is no such file. */
function processStart(processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
