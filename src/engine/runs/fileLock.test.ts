import { fork, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { breakFileLock, takeFileLock } from './fileLock.mjs'
import { lifeOf, parseHolder, thisHolder } from './lockHolder.mjs'

let root: string
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterAll(() => rm(root, { recursive: true, force: true }))

/** A folder of its own a test: most of them wait for seconds, beside each other. */
async function freshLock() {
  const directory = await mkdtemp(join(root, 'lock-'))
  return { directory, path: join(directory, 'lock') }
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** A process id that was somebody's and is nobody's. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

/** A lock as earlier versions wrote it. */
const earlier = (processId: number, host = hostname(), since = new Date().toISOString()) =>
  JSON.stringify({ host, processId, processStart: '1', since })
const elsewhere = () => JSON.stringify({ ...thisHolder(), host: 'node17.cluster', processSpace: 'pid:[1]' })

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
const giveUp = {
  waiting() {
    throw new Error('held')
  },
}
/** Waits only while the lock looks abandoned. */
const unlessHeld = {
  waiting(_: unknown, watched: boolean) {
    if (!watched) throw new Error('held')
  },
}
const holderOf = async (path: string) => parseHolder(await readFile(path, 'utf8'))

describe('a race of processes', () => {
  it('admits one at a time to the lock of a dead one', async () => {
    const { directory } = await freshLock()
    const racers = Array.from({ length: 5 }, () =>
      fork(here('testing/raceForLock.mjs'), [here('fileLock.mjs')], { execArgv: [] }),
    )
    try {
      await Promise.all(racers.map((racer) => once(racer, 'message')))
      const dead = earlier(await deadProcess())
      for (let round = 0; round < 25; round++) {
        const folder = join(directory, String(round))
        await mkdir(folder)
        await writeFile(join(folder, 'lock'), dead)
        const alone = await Promise.all(racers.map(async (racer) => enter(racer, folder)))
        expect(alone, `round ${round}`).toEqual(racers.map(() => true))
        expect(await readdir(folder)).toEqual([])
      }
    } finally {
      for (const racer of racers) racer.kill()
    }
  })
})

describe.concurrent('takeFileLock', () => {
  it('takes a lock whose process id another program has now', async () => {
    const { directory, path } = await freshLock()
    await writeFile(path, earlier(process.pid))
    const unlock = await takeFileLock(path, giveUp)
    expect(await holderOf(path)).toMatchObject({ processId: process.pid, host: hostname() })
    await unlock()
    expect(await readdir(directory)).toEqual([])
  })

  it('takes the lock of a process that has ended and that nobody waited for', async () => {
    // The shell becomes a sleep, which does not wait for its child.
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer]
      const processId = Number(line.toString())
      const processStart = (await readFile(`/proc/${processId}/stat`, 'utf8')).split(' ')[21]!
      expect(lifeOf({ ...thisHolder(), processId, processStart })).toBe('alive')
      await vi.waitFor(async () => expect(await readFile(`/proc/${processId}/stat`, 'utf8')).toContain(') Z '), 5000)
      expect(lifeOf({ ...thisHolder(), processId, processStart })).toBe('dead')
    } finally {
      parent.kill()
    }
  })

  it.each([
    '',
    '{"host":',
    '"gone"',
    'null',
    '[]',
    '{}',
    '{"host":"a","processId":0,"processStart":"","since":""}',
    ' '.repeat(9000),
  ])('takes a damaged lock after it stood still for seconds (%#)', async (text) => {
    const { path } = await freshLock()
    await writeFile(path, text)
    let calls = 0
    const unlock = await takeFileLock(path, {
      waiting(holder, watched) {
        expect({ holder, watched }).toEqual({ holder: null, watched: true })
        calls++
      },
    })
    expect(await holderOf(path)).toMatchObject({ processId: process.pid })
    // It waits between looks.
    expect(calls).toBeGreaterThan(3)
    expect(calls).toBeLessThan(15)
    await unlock()
  })

  it('takes a link to nowhere for a damaged lock, and makes nothing where it leads', async () => {
    const { directory, path } = await freshLock()
    await symlink(join(directory, 'elsewhere'), path)
    await (
      await takeFileLock(path, unlessHeld)
    )()
    expect(await readdir(directory)).toEqual([])
  })

  it('takes a lock that another process was killed over while it took it away', async () => {
    const { directory, path } = await freshLock()
    const dead = earlier(await deadProcess())
    await writeFile(path, dead)
    await writeFile(`${path}.${createHash('sha256').update(dead).digest('hex').slice(0, 16)}`, `${dead} `)
    await (
      await takeFileLock(path, giveUp)
    )()
    expect(await readdir(directory)).toEqual([])
  })

  it("leaves another machine's lock alone while it is written to", async () => {
    const { path } = await freshLock()
    await writeFile(path, elsewhere())
    await expect(takeFileLock(path, unlessHeld)).rejects.toThrow('held')
    // Its time of change is of a clock that goes wrong, and its heart beats.
    await utimes(path, minutesAgo(20), minutesAgo(20))
    const beat = setInterval(
      () => void utimes(path, minutesAgo(20), new Date(minutesAgo(20).getTime() + performance.now())),
      2000,
    )
    const until = performance.now() + 16_000
    const waiting = () => {
      if (performance.now() > until) throw new Error('held')
    }
    await expect(takeFileLock(path, { waiting })).rejects.toThrow('held')
    clearInterval(beat)
  })

  it("takes another machine's lock whose heartbeat has stood still for minutes, whatever its clock says", async () => {
    const { path } = await freshLock()
    await writeFile(path, elsewhere())
    await utimes(path, minutesAgo(6), minutesAgo(6))
    const started = performance.now()
    await (
      await takeFileLock(path, unlessHeld)
    )()
    expect(performance.now() - started).toBeGreaterThan(10_000)
  })

  it("judges an earlier version's lock, which has no heartbeat, by when it was taken", async () => {
    const { path } = await freshLock()
    await writeFile(path, earlier(1, 'node17.cluster'))
    await expect(takeFileLock(path, unlessHeld)).rejects.toThrow('held')
    await writeFile(path, earlier(1, 'node17.cluster', '2024-01-01T00:00:00.000Z'))
    await (
      await takeFileLock(path, unlessHeld)
    )()
  })

  it('beats, tells its holder when the lock was taken, and leaves the new one alone', async () => {
    const { directory, path } = await freshLock()
    const lost = vi.fn()
    const unlock = await takeFileLock(path, { ...giveUp, lost })
    await utimes(path, minutesAgo(1), minutesAgo(1))
    await vi.waitFor(async () => expect((await stat(path)).mtimeMs).toBeGreaterThan(minutesAgo(0.5).getTime()), 8000)
    expect(lost).not.toHaveBeenCalled()

    expect(await breakFileLock(path, true)).toMatchObject({ removed: true, holder: { processId: process.pid } })
    const next = await takeFileLock(path, giveUp)
    const theirs = await readFile(path, 'utf8')
    await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce(), 8000)
    await unlock()
    expect(await readFile(path, 'utf8')).toBe(theirs)
    await next()
    expect(await readdir(directory)).toEqual([])
  })

  it('removes what processes that were killed left beside it, and nothing else', async () => {
    const { directory, path } = await freshLock()
    const names = ['lock.0123456789abcdef', 'lock.0123456789abcdef.tmp', 'lock.yaml', 'lock.0123456789abcdef.young.tmp']
    for (const name of names) await writeFile(join(directory, name), '')
    for (const name of names.slice(0, 3)) await utimes(join(directory, name), minutesAgo(100), minutesAgo(100))
    await (
      await takeFileLock(path, giveUp)
    )()
    expect((await readdir(directory)).sort()).toEqual(['lock.0123456789abcdef.young.tmp', 'lock.yaml'])
  })
})

describe('breakFileLock', () => {
  it('takes the lock of a dead process away, a living one by force alone', async () => {
    const { directory, path } = await freshLock()
    expect(await breakFileLock(path, false)).toBeNull()
    await writeFile(path, earlier(await deadProcess()))
    expect(await breakFileLock(path, false)).toMatchObject({ removed: true })
    const unlock = await takeFileLock(path, giveUp)
    expect(await breakFileLock(path, false)).toMatchObject({ removed: false, holder: { processId: process.pid } })
    expect(await breakFileLock(path, true)).toMatchObject({ removed: true })
    expect(await readdir(directory)).toEqual([])
    await unlock()
  })
})

async function enter(racer: ChildProcess, folder: string): Promise<unknown> {
  racer.send(folder)
  const [alone] = (await once(racer, 'message')) as [unknown]
  return alone
}
