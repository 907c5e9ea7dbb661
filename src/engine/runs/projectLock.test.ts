import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProject } from './projectFolder.ts'
import { lockProject, unlockProject, withProjectLock } from './projectLock.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

const holder = (processId: number, host = hostname()) =>
  JSON.stringify({ host, processId, processStart: '', since: new Date().toISOString() })

describe('lockProject', () => {
  it('names who holds the project, and gives it back', async () => {
    const unlock = await lockProject(directory)
    await expect(lockProject(directory)).rejects.toThrow(new RegExp(`process ${process.pid} on ${hostname()}`))
    await unlock()
    await (
      await lockProject(directory)
    )()
  })

  it('takes the lock of a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await writeFile(join(directory, 'lock'), holder(child.pid!))
    const gone = new Promise((resolve) => child.on('exit', resolve))
    child.kill('SIGKILL')
    await gone
    await lockProject(directory)
    expect(JSON.parse(await readFile(join(directory, 'lock'), 'utf8'))).toMatchObject({ processId: process.pid })
  })

  it('takes a lock whose process id another program has now', async () => {
    const reused = { ...(JSON.parse(holder(process.pid)) as object), processStart: '1' }
    await writeFile(join(directory, 'lock'), JSON.stringify(reused))
    await (
      await lockProject(directory)
    )()
  })

  it('takes a lock that was cut off while it was written', async () => {
    await writeFile(join(directory, 'lock'), '{"host":')
    await (
      await lockProject(directory)
    )()
  })

  it('leaves the lock of another machine alone, and says how to take it', async () => {
    await writeFile(join(directory, 'lock'), holder(1, 'elsewhere.example'))
    await expect(lockProject(directory)).rejects.toThrow(/elsewhere\.example.* isogloss unlock --project/)
  })
})

describe('withProjectLock', () => {
  it('stops work whose lock was taken', async () => {
    await createProject(directory)
    const work = async (signal: AbortSignal) => {
      await unlockProject(directory, true)
      await once(signal, 'abort')
      throw new Error('in the middle of it')
    }
    await expect(withProjectLock(directory, new AbortController().signal, work)).rejects.toMatchObject({
      code: 'project/lock-lost',
    })
  })

  it('passes a cancel on, and gives the project back', async () => {
    await createProject(directory)
    const controller = new AbortController()
    const work = async (signal: AbortSignal) => {
      controller.abort()
      signal.throwIfAborted()
    }
    await expect(withProjectLock(directory, controller.signal, work)).rejects.toMatchObject({ name: 'AbortError' })
    expect(await readdir(directory)).toEqual(['project.json'])

    const unlock = await lockProject(directory)
    const started = performance.now()
    await expect(withProjectLock(directory, controller.signal, work)).rejects.toMatchObject({ name: 'AbortError' })
    expect(performance.now() - started).toBeLessThan(1000)
    await unlock()
  })
})

describe('unlockProject', () => {
  it('takes the lock of a living program by force alone', async () => {
    await createProject(directory)
    expect(await unlockProject(directory, false)).toEqual({ unlocked: false, holder: null })
    const unlock = await lockProject(directory)
    await expect(unlockProject(directory, false)).rejects.toMatchObject({
      code: 'project/locked',
      data: { processId: process.pid },
    })
    expect(await unlockProject(directory, true)).toMatchObject({ unlocked: true, holder: { processId: process.pid } })
    await unlock()
  })

  it('takes a damaged lock, also of a damaged project', async () => {
    await writeFile(join(directory, 'project.json'), '{}')
    await writeFile(join(directory, 'lock'), 'null')
    expect(await unlockProject(directory, false)).toEqual({ unlocked: true, holder: null })
  })

  it('touches nothing in a folder that is no project', async () => {
    await writeFile(join(directory, 'lock'), 'mine')
    await expect(unlockProject(directory, true)).rejects.toMatchObject({ code: 'project/not-found' })
    expect(await readdir(directory)).toEqual(['lock'])
  })
})
