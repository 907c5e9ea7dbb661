import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject } from '#engine/runs/projectFolder.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import { readPredictions } from '#engine/runs/predictions.ts'
import { start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

/** What was computed, without what the clock said. */
async function outcome(project: string) {
  const runs = await readdir(join(project, 'runs'))
  return Promise.all(
    runs.sort().map(async (id) => ({
      id,
      metrics: (await readFile(join(project, 'runs', id, 'metrics.jsonl'), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => ({ ...(JSON.parse(line) as object), documentsPerSecond: 0, elapsedMs: 0 })),
      predictions: await readPredictions(join(project, 'runs', id), 'test'),
      weights: (await readFile(join(project, 'runs', id, 'model', 'weights.bin'))).toString('base64'),
    })),
  )
}

describe('an interrupted run', () => {
  let directory: string
  let file: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'isogloss-kill-'))
    file = await smallExperiment(directory, '')
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('ends with the same bits as an unbroken one, however often it is killed', async () => {
    const whole = join(directory, 'whole')
    expect((await start(['run', file, '--project', whole])).code).toBe(0)

    const broken = join(directory, 'broken')
    // Kills in the middle of the embedding, after an epoch of training, and at a moment that hits anything.
    for (const moment of [/Skip-gram.*: started/, /epoch 1: /, /epoch 2: /]) {
      const killed = await start(['run', file, '--project', broken], '', (stderr, child) => {
        const last = stderr.slice(stderr.lastIndexOf('started') - 200)
        if (moment.test(last)) child.kill('SIGKILL')
      })
      expect(killed.code).toBeNull()
    }
    expect((await start(['run', file, '--project', broken])).code).toBe(0)
    expect(await outcome(broken)).toEqual(await outcome(whole))
    const leftovers = (await readdir(broken, { recursive: true })).filter((name) => /\.tmp|checkpoint|lock$/.test(name))
    expect(leftovers).toEqual([])
  }, 240_000)

  it.each([
    ['Ctrl+C in a terminal, which reaches the engine too', 'SIGINT', true],
    ['SIGTERM of a scheduler, which reaches the engine too', 'SIGTERM', true],
    ['SIGINT to the program alone', 'SIGINT', false],
  ] as const)(
    'is cancelled within a second by %s, and says that it can be resumed',
    async (_, signal, toGroup) => {
      const project = join(directory, `cancelled-${signal}-${toGroup}`)
      let interruptedAt = 0
      const { code, stderr } = await start(['run', file, '--project', project], '', (seen, child) => {
        if (interruptedAt === 0 && /epoch 1: /.test(seen)) {
          interruptedAt = performance.now()
          process.kill(toGroup ? -child.pid! : child.pid!, signal)
        }
      })
      expect(code, stderr).toBe(130)
      expect(stderr).toMatch(/resumes/)
      // A second until the engine is killed, and room for a busy machine to end two processes.
      expect(performance.now() - interruptedAt).toBeLessThan(5000)
      expect((await start(['run', file, '--project', project])).code).toBe(0)
    },
    240_000,
  )

  it('keeps a second program off the project', async () => {
    const project = join(directory, 'twice')
    await createProject(project)
    const unlock = await lockProject(project)
    const { code, stderr } = await start(['run', file, '--project', project])
    expect(code).toBe(1)
    expect(stderr).toMatch(/project\/locked: Another program works on .*isogloss unlock --project/)

    const held = await start(['unlock', '--project', project, '--json'])
    expect(held).toMatchObject({ code: 1, stdout: '' })
    expect(held.stderr).toContain(`process ${process.pid} on`)
    const forced = await start(['unlock', '--project', project, '--force', '--json'])
    expect(JSON.parse(forced.stdout)).toMatchObject({ unlocked: true, holder: { processId: process.pid } })
    expect((await start(['unlock', '--project', project])).stdout).toMatch(/is not locked/)
    await unlock()
  })
})
