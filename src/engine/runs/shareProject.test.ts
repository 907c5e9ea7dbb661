import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { withArtefactLock } from './artefactLock.ts'
import { artefactStore } from './artefactStore.ts'
import { isEarlierStart, parseHolder, thisHolder } from './lockHolder.mjs'
import { createProject } from './projectFolder.ts'
import { lockProject, shareProject, unlockProject } from './projectLock.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  await createProject(directory)
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const { signal } = new AbortController()
const id = '0123456789abcdef'

/** A task that stays until it is told to leave. */
function task(): { alone: Promise<boolean>; leave(): void; left: Promise<void> } {
  let tell = (_alone: boolean): void => undefined
  let leave = (): void => undefined
  const alone = new Promise<boolean>((resolve) => (tell = resolve))
  const until = new Promise<void>((resolve) => (leave = resolve))
  let wasAlone = false
  const left = shareProject(
    directory,
    signal,
    async (found) => void (wasAlone = found),
    async () => {
      tell(wasAlone)
      await until
    },
  )
  return { alone, leave: () => leave(), left }
}

describe('shareProject', () => {
  it('lets tasks in side by side, tells the first that it is alone, and keeps off who wants the whole project', async () => {
    const tasks = [task()]
    expect(await tasks[0]!.alone).toBe(true)
    for (let i = 0; i < 4; i++) {
      tasks.push(task())
      expect(await tasks.at(-1)!.alone).toBe(false)
    }
    await expect(lockProject(directory)).rejects.toMatchObject({ code: 'project/locked' })
    for (const { leave, left } of tasks) {
      leave()
      await left
    }
    const unlock = await lockProject(directory)
    const kept = shareProject(
      directory,
      signal,
      async () => undefined,
      async () => undefined,
    )
    await expect(kept).rejects.toMatchObject({ code: 'project/locked' })
    await unlock()
    expect(await readdir(join(directory, 'tasks'))).toEqual([])
  })

  it('counts a killed task of this machine as gone, one of another machine as there', async () => {
    await mkdir(join(directory, 'tasks'))
    const script = join(directory, 'wait.mjs')
    await writeFile(script, 'setInterval(() => undefined, 1000)')
    const child = fork(script)
    await once(child, 'spawn')
    const holder = (host: string) =>
      JSON.stringify({ host, processId: child.pid, processStart: '', since: new Date().toISOString(), token: host })
    await writeFile(join(directory, 'tasks', 'a.task'), holder(hostname()))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const first = task()
    expect(await first.alone).toBe(true)
    first.leave()
    await first.left

    await writeFile(join(directory, 'tasks', 'b.task'), holder('elsewhere.example'))
    const second = task()
    expect(await second.alone).toBe(false)
    second.leave()
    await second.left
    await expect(unlockProject(directory, false)).rejects.toMatchObject({ code: 'project/locked' })
    expect(await unlockProject(directory, true)).toMatchObject({ unlocked: true })
    await (
      await lockProject(directory)
    )()
  })
})

describe('tasks of Slurm', () => {
  const task = { cluster: 'tiny', id: '12_3', restarts: 0 }
  const dead = (more: object) =>
    JSON.stringify({ ...thisHolder(), host: 'n1', processSpace: 'pid:[1]', slurm: { ...task, ...more } })
  beforeEach(() => {
    vi.stubEnv('SLURM_CLUSTER_NAME', 'tiny')
    vi.stubEnv('SLURM_JOB_ID', '15')
    vi.stubEnv('SLURM_ARRAY_JOB_ID', '12')
    vi.stubEnv('SLURM_ARRAY_TASK_ID', '3')
    vi.stubEnv('SLURM_RESTART_COUNT', '1')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('do not wait for minutes for what their own earlier start held on a node that died, nor hold up others', async () => {
    await mkdir(join(directory, 'tasks'))
    await mkdir(join(directory, 'labels'))
    await writeFile(join(directory, 'tasks', '0000.task'), dead({}))
    await writeFile(join(directory, 'labels', `${id}.lock`), dead({}))
    const tenSecondsAgo = new Date(Date.now() - 10_000)
    for (const path of ['tasks/0000.task', `labels/${id}.lock`])
      await utimes(join(directory, path), tenSecondsAgo, tenSecondsAgo)
    const started = performance.now()
    const both = [1, 2].map(() =>
      shareProject(
        directory,
        signal,
        async () => undefined,
        () =>
          withArtefactLock(
            artefactStore(directory),
            { kind: 'labels', id, title: 'Labels' },
            quietContext,
            async () => 'made',
          ),
      ),
    )
    expect(await Promise.all(both)).toEqual(['made', 'made'])
    // A heart has to be silent for twelve seconds.
    expect(performance.now() - started).toBeGreaterThan(1500)
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(await readdir(join(directory, 'labels'))).toEqual([])
  }, 20_000)

  it('leave alone what another task, another cluster or a later start holds', async () => {
    for (const more of [{ id: '12_4' }, { cluster: 'other' }, { restarts: 1 }])
      expect(isEarlierStart(parseHolder(dead(more))!), JSON.stringify(more)).toBe(false)
    expect(isEarlierStart(parseHolder(dead({}))!)).toBe(true)
    expect(parseHolder(dead({ restarts: 'x' }))).toBeNull()
  })
})

describe('withArtefactLock', () => {
  const step = { kind: 'labels' as const, id, title: 'Labels kd' }

  it('lets one task make an artefact while others wait, saying so, and removes only what was left of that artefact', async () => {
    const store = artefactStore(directory)
    const other = join(directory, 'labels', 'fedcba9876543210.tmp-1')
    await mkdir(other, { recursive: true })
    await mkdir(join(directory, 'labels', `${id}.tmp-1`))
    let inside = 0
    let most = 0
    const notes: string[] = []
    const make = () =>
      withArtefactLock(store, step, { ...quietContext, note: (message) => notes.push(message) }, async () => {
        expect(await readdir(join(directory, 'labels'))).not.toContain(`${id}.tmp-1`)
        most = Math.max(most, ++inside)
        await new Promise((resolve) => setTimeout(resolve, 50))
        inside--
      })
    await Promise.all([make(), make(), make()])
    expect(most).toBe(1)
    expect(notes).toHaveLength(2)
    expect(notes[0]).toContain('this one waits')
    expect(await readdir(join(directory, 'labels'))).toEqual(['fedcba9876543210.tmp-1'])
    await store.sweep()
    expect(await readdir(join(directory, 'labels'))).toEqual([])
  })

  it('stops waiting when it is cancelled', async () => {
    const store = artefactStore(directory)
    const controller = new AbortController()
    await withArtefactLock(store, step, quietContext, async () => {
      const waiting = withArtefactLock(
        store,
        step,
        { ...quietContext, signal: controller.signal },
        async () => undefined,
      )
      setTimeout(() => controller.abort(), 50)
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    })
  })
})
