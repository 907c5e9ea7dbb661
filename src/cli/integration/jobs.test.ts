import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPredictions } from '#engine/runs/predictions.ts'
import { start } from './commandLine.ts'
import { smallExperiment } from './experiment.ts'

const run = (project: string, args: string[], threads: number, seen?: Parameters<typeof start>[2]) =>
  start(['run', ...args, '--project', project], '', seen, { ISOGLOSS_THREADS: String(threads) })

/** What was computed, without what the clock said. */
async function outcome(project: string) {
  const runs = (await readdir(join(project, 'runs'))).sort()
  return Promise.all(
    runs.map(async (id) => ({
      id,
      predictions: await readPredictions(join(project, 'runs', id), 'test'),
      weights: (await readFile(join(project, 'runs', id, 'model', 'weights.bin'))).toString('base64'),
    })),
  )
}
const leftovers = async (project: string) =>
  (await readdir(project, { recursive: true })).filter((name) => /\.tmp|checkpoint|lock|\.task/.test(name))

describe('isogloss run --jobs', () => {
  let directory: string
  let file: string
  let whole: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'isogloss-jobs-'))
    file = await smallExperiment(directory)
    whole = join(directory, 'whole')
    const { code, stderr } = await run(whole, [file], 1)
    expect(code, stderr).toBe(0)
  }, 240_000)
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('divides the threads, records them, and comes to the same bits as one process with as many', async () => {
    const project = join(directory, 'parallel')
    const { code, stderr, stdout } = await run(project, [file, '--jobs', '3'], 3)
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('9 steps to do, at most 3 at once with one thread each')
    expect(stdout).toContain('mtl')
    expect(await outcome(project)).toEqual(await outcome(whole))
    for (const id of await readdir(join(project, 'runs'))) {
      const text = await readFile(join(project, 'runs', id, 'manifest.json'), 'utf8')
      expect(JSON.parse(text)).toMatchObject({ machine: { threads: 1 } })
    }
    expect(await leftovers(project)).toEqual([])
    expect(JSON.parse(await readFile(join(project, 'project.json'), 'utf8'))).toMatchObject({ unfinished: null })
  }, 240_000)

  it('is cancelled within a second, survives kill -9, and resumes to the same bits', async () => {
    const project = join(directory, 'broken')
    let at = 0
    const cancelled = await run(project, [file, '--jobs', '2'], 2, (seen, child) => {
      if (at > 0 || !/\] .*epoch 1: /.test(seen)) return
      at = performance.now()
      process.kill(-child.pid!, 'SIGINT')
    })
    expect(cancelled.code, cancelled.stderr).toBe(130)
    expect(cancelled.stderr).toContain('resumes')
    // Engines have a second; the rest is room for a busy machine to end its processes.
    expect(performance.now() - at).toBeLessThan(5000)
    const killed = await run(project, [file, '--jobs', '2'], 2, (seen, child) => {
      if (/epoch 2: /.test(seen)) child.kill('SIGKILL')
    })
    expect(killed.code).toBeNull()
    const { code, stderr } = await run(project, [file, '--jobs', '2'], 2)
    expect(code, stderr).toBe(0)
    expect(await outcome(project)).toEqual(await outcome(whole))
    expect(await leftovers(project)).toEqual([])
  }, 240_000)

  it('two programs share a project: each artefact is made once', async () => {
    const project = join(directory, 'shared')
    const both = await Promise.all([
      run(project, [file, '--only', 'kd/stl', 'p2c/stl'], 1),
      run(project, [file, '--only', 'kd/mtl', 'p2c/mtl'], 1),
    ])
    for (const { code, stderr } of both) expect(code, stderr).toBe(0)
    expect(await outcome(project)).toEqual(await outcome(whole))
    expect(both.map(({ stderr }) => stderr).join('')).toContain('this one waits for it')
    expect(both.flatMap(({ stderr }) => stderr.match(/Import the corpus: done/g) ?? [])).toHaveLength(1)
    expect(await leftovers(project)).toEqual([])
  }, 240_000)

  it('a run that becomes NaN stops, is explained, and stops no other', async () => {
    const project = join(directory, 'diverging')
    const text = await readFile(file, 'utf8')
    const bad = join(directory, 'diverging.yaml')
    await writeFile(
      bad,
      text.replace('name: small', 'name: diverging').replace(/(\n {2}mtl: \{.*?)\}/, '$1, learningRate: 1e30}'),
    )
    const { code, stderr } = await run(project, [bad, '--jobs', '2'], 2)
    expect(code, stderr).toBe(1)
    expect(stderr).toMatch(/run\/steps-failed: 2 steps failed: .*--only (kd|p2c)\/mtl\/1 (kd|p2c)\/mtl\/1/)
    const stl = await run(project, [bad, '--only', 'kd/stl', 'p2c/stl', '--json'], 1)
    expect(stl.stderr).not.toMatch(/started/)
    expect(
      (JSON.parse(stl.stdout) as { runs: { model: string; status: string }[] }).runs.filter(
        ({ status }) => status === 'finished',
      ),
    ).toHaveLength(2)
  }, 240_000)
})
