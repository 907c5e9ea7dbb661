import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import type { EngineEvents } from '#protocol/events.ts'
import { Jobs, type Emit, type Job } from './jobs.ts'

/** Jobs whose ends are told in order, and a wait for so many of them. */
function startJobs() {
  const ends: EngineEvents['job.finished'][] = []
  const emit: Emit = (event, payload) => {
    if (event === 'job.finished') ends.push(payload as EngineEvents['job.finished'])
  }
  const ended = async (count: number) => {
    while (ends.length < count) await setTimeout(1)
    return ends
  }
  return { jobs: new Jobs(emit), ends, ended }
}

const untilCancelled = ({ signal }: Job) => setTimeout(600_000, undefined, { signal })

describe('Jobs', () => {
  it('gives the id before the work begins, and tells its end once', async () => {
    const { jobs, ended } = startJobs()
    let seen: string | null = null
    const id = jobs.start(async (job) => {
      seen = job.id
    })
    expect([seen, jobs.busy]).toEqual([null, true])
    expect(await ended(1)).toEqual([{ job: id, outcome: 'finished' }])
    expect([seen, jobs.busy]).toEqual([id, false])
  })

  it('runs one at a time', async () => {
    const { jobs, ended } = startJobs()
    jobs.start(untilCancelled)
    expect(() => jobs.start(async () => undefined)).toThrow(expect.objectContaining({ code: 'job/busy' }) as Error)
    await jobs.stop()
    const second = jobs.start(async () => undefined)
    expect((await ended(2)).map(({ job }) => job)).toContain(second)
  })

  it('cancels the job that is named and no other', async () => {
    const { jobs, ends, ended } = startJobs()
    const id = jobs.start(untilCancelled)
    jobs.cancel('job-0-0')
    await setTimeout(20)
    expect(ends).toEqual([])
    jobs.cancel(id)
    expect(await ended(1)).toEqual([{ job: id, outcome: 'cancelled' }])
  })

  it('reports an error in words: its own with its code, any other with what to do', async () => {
    const { jobs, ended } = startJobs()
    jobs.start(() => Promise.reject(new EngineError('corpus/empty', 'Nothing is there.', { rows: 0 })))
    await ended(1)
    jobs.start(() => Promise.reject(new TypeError('x is not a function')))
    await ended(2)
    jobs.start(() =>
      Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write', path: '/x' })),
    )
    const reports = (await ended(3)).map(({ outcome, error }) => ({ outcome, ...error }))
    expect(reports[0]).toEqual({
      outcome: 'failed',
      code: 'corpus/empty',
      message: 'Nothing is there.',
      data: { rows: 0 },
    })
    expect(reports[1]).toMatchObject({
      outcome: 'failed',
      code: 'engine/unexpected',
      message: expect.stringContaining('x is not a function') as string,
    })
    expect(reports[2]).toMatchObject({ outcome: 'failed', code: expect.stringMatching(/^disk\//) as string })
  })

  it('fails what runs at once, and what comes back later is told no more', async () => {
    const { jobs, ends } = startJobs()
    const id = jobs.start(untilCancelled)
    await setTimeout(5)
    jobs.fail({ code: 'engine/unexpected', message: 'A defect.' })
    expect(jobs.busy).toBe(false)
    await setTimeout(20)
    expect(ends).toEqual([{ job: id, outcome: 'failed', error: { code: 'engine/unexpected', message: 'A defect.' } }])
  })

  it('waits for what it stops', async () => {
    const { jobs, ends } = startJobs()
    let cleaned = false
    jobs.start(async (job) => {
      await untilCancelled(job).catch(() => undefined)
      await setTimeout(20)
      cleaned = true
    })
    await setTimeout(5)
    await jobs.stop()
    expect([cleaned, ends[0]?.outcome]).toEqual([true, 'finished'])
  })
})
