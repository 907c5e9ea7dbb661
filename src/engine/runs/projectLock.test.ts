import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockProject } from './projectLock.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

const holder = (processId: number, host = hostname()) => JSON.stringify({ host, processId, processStart: '', since: '2020-01-01' })

describe('lockProject', () => {
  it('names who holds the project, and gives it back', async () => {
    const unlock = await lockProject(directory)
    await expect(lockProject(directory)).rejects.toThrow(new RegExp(`process ${process.pid} on ${hostname()}`))
    await unlock()
    await (await lockProject(directory))()
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
    await (await lockProject(directory))()
  })

  it('takes a lock that was cut off while it was written', async () => {
    await writeFile(join(directory, 'lock'), '{"host":')
    await (await lockProject(directory))()
  })

  it('leaves the lock of another machine alone', async () => {
    await writeFile(join(directory, 'lock'), holder(1, 'elsewhere.example'))
    await expect(lockProject(directory)).rejects.toThrow(/elsewhere\.example/)
  })
})
