import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import type { Progress } from '#protocol/events.ts'
import type { ConditionName } from '#protocol/comparison.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import { ScriptedEngine, held } from '../testing/engines.ts'
import { TestShell } from '../testing/shell.ts'

const shell = new TestShell()
const { JobState } = await import('./jobState.svelte.ts')
afterAll(() => shell.stop())

const start = { kind: 'experiment', title: 'Experiment x', experiment: 'x' } as const
const epoch = (number: number, devLoss: number) => ({ epoch: number, devLoss }) as EpochMetrics
const progress: Progress = {
  stage: 'training',
  title: 'Train',
  done: 1,
  total: 4,
  unit: 'steps',
  rate: null,
  rowsRate: null,
  remainingMs: null,
  loss: null,
}

let engine: ScriptedEngine
let job: InstanceType<typeof JobState>
beforeEach(() => {
  engine = new ScriptedEngine()
  engine.on('job.cancel', () => null)
  job = new JobState(engine.connection)
})

/** A job that the engine has taken as `j`. */
async function running() {
  const ended = job.run(start, () => Promise.resolve({ job: 'j' }))
  await setImmediate()
  return ended.then((end) => end.phase)
}

describe('JobState', () => {
  it('follows its own job and no other', async () => {
    const ended = running()
    await setImmediate()
    engine.say('job.progress', { job: 'other', progress, overall: { done: 9, total: 10, remainingMs: null } })
    expect([job.running, job.share, job.stage]).toEqual([true, null, null])
    engine.say('job.progress', { job: 'j', progress, overall: { done: 1, total: 4, remainingMs: 3000 } })
    expect([job.share, job.stage]).toEqual([0.25, 'training'])
    engine.say('job.finished', { job: 'other', outcome: 'failed' })
    expect(job.running).toBe(true)
    engine.say('job.finished', { job: 'j', outcome: 'finished' })
    expect(await ended).toBe('finished')
    expect([job.running, shell.job]).toEqual([false, null])
    // What comes late changes nothing of a job that has ended.
    engine.say('job.progress', { job: 'j', progress, overall: { done: 2, total: 4, remainingMs: null } })
    expect(job.share).toBe(0.25)
  })

  it('keeps a step once, counts those that are done, and numbers its remarks', async () => {
    void running()
    await setImmediate()
    for (const state of ['started', 'finished'] as const)
      engine.say('job.step', { job: 'j', step: 's', title: 'Labels kd', state })
    engine.say('job.step', { job: 'j', step: 't', title: 'Import', state: 'reused' })
    expect(job.steps.map(({ id, state }) => [id, state])).toEqual([
      ['s', 'finished'],
      ['t', 'reused'],
    ])
    expect(job.stepsDone).toBe(2)
    for (const message of ['one', 'two']) engine.say('job.note', { job: 'j', message })
    expect(job.notes.map(({ id, message }) => [id, message])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ])
  })

  it('draws one curve a run, though a resumed run tells epochs again', async () => {
    void running()
    await setImmediate()
    const condition = {
      labels: 'kd',
      model: 'stl',
      labelsMethod: 'kd-tree',
      method: 'attention-cnn',
      tasks: ['labels'],
    } satisfies ConditionName
    const tell = (run: string, metrics: EpochMetrics) =>
      engine.say('job.epoch', { job: 'j', run, condition, seed: 1, metrics })
    for (const metrics of [epoch(1, 9), epoch(2, 8), epoch(3, 7), epoch(2, 5)]) tell('a', metrics)
    tell('b', epoch(1, 4))
    expect(job.live.map(({ id, epochs }) => [id, epochs.map(({ epoch, devLoss }) => [epoch, devLoss])])).toEqual([
      [
        'a',
        [
          [1, 9],
          [2, 5],
        ],
      ],
      ['b', [[1, 4]]],
    ])
  })

  it('is free again where the engine does not take a job', async () => {
    const refused = job.run(start, () => Promise.reject(new EngineError('experiment/invalid', 'No.')))
    await expect(refused).rejects.toMatchObject({ code: 'experiment/invalid' })
    expect([job.current, shell.job]).toEqual([null, null])
    expect(await Promise.race([running(), Promise.resolve('taken')])).toBe('taken')
  })

  it('runs one job at a time', async () => {
    void running()
    await setImmediate()
    await expect(job.run(start, () => Promise.resolve({ job: 'k' }))).rejects.toMatchObject({ code: 'job/busy' })
    expect(job.current?.id).toBe('j')
  })

  it('cancels a job that the engine has not named yet as soon as it does', async () => {
    const { answer, give } = held<{ job: string }>()
    const ended = job.run(start, () => answer)
    await job.cancel()
    expect(job.current?.phase).toBe('cancelling')
    give({ job: 'j' })
    await setImmediate()
    expect(engine.asked).toEqual(['job.cancel {"job":"j"}'])
    engine.say('job.finished', { job: 'j', outcome: 'cancelled' })
    expect((await ended).phase).toBe('cancelled')
  })

  it('ends with its engine: failed, or cancelled where that was asked for', async () => {
    const gone = { code: 'engine/stopped', message: 'Gone.' }
    const failed = running()
    await setImmediate()
    job.lost(gone)
    expect(await failed).toBe('failed')
    expect(job.current?.error).toEqual(gone)
    job.dismiss()
    expect(job.current).toBeNull()
    const cancelled = running()
    await setImmediate()
    await job.cancel()
    job.dismiss()
    expect(job.current?.phase).toBe('cancelling')
    job.lost(gone)
    expect(await cancelled).toBe('cancelled')
  })
})
