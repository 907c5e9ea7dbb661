import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import type { QuestionInput } from '#protocol/explorer.ts'
import { ScriptedEngine } from '../testing/engines.ts'
import { Inquiry } from './inquiry.svelte.ts'

const words = { kind: 'words' } as const satisfies QuestionInput
const mapOf = (word: string) => ({ kind: 'map', variants: [word] }) as const satisfies QuestionInput

let engine: ScriptedEngine
let inquiry: Inquiry
let jobs: number
beforeEach(() => {
  engine = new ScriptedEngine()
  jobs = 0
  engine.on('explorer.ask', () => ({ job: `job-1-${++jobs}` }))
  engine.on('explorer.answer', ({ job }) => ({ of: job }))
  engine.on('job.cancel', ({ job }) => {
    engine.say('job.finished', { job, outcome: 'cancelled' })
    return null
  })
  inquiry = new Inquiry(engine.connection)
})
const finish = async (job: string) => {
  engine.say('job.finished', { job, outcome: 'finished' })
  await setImmediate()
}
const codeOf = (error: unknown) => (error as EngineError).code

describe('Inquiry', () => {
  it('asks one question at a time, what a person looks at before the ranking', async () => {
    const order: string[] = []
    const asked = [
      inquiry.ask<'map'>(mapOf('a')).then(() => order.push('a')),
      inquiry.ask<'words'>(words, false).then(() => order.push('words')),
      inquiry.ask<'map'>(mapOf('b')).then(() => order.push('b')),
    ]
    await setImmediate()
    expect(jobs).toBe(1)
    for (const job of ['job-1-1', 'job-1-2', 'job-1-3']) await finish(job)
    await Promise.all(asked)
    expect(order).toEqual(['a', 'b', 'words'])
    expect(inquiry.running).toBeNull()
  })

  it('keeps answers until another project is open', async () => {
    const first = inquiry.ask<'map'>(mapOf('a'))
    await setImmediate()
    await finish('job-1-1')
    expect(await inquiry.ask<'map'>(mapOf('a'))).toBe(await first)
    expect(jobs).toBe(1)
    inquiry.forget()
    void inquiry.ask<'map'>(mapOf('a'))
    await setImmediate()
    expect(jobs).toBe(2)
  })

  it('withdraws what waits and cancels what runs, even before it has a name', async () => {
    const running = inquiry.ask<'map'>(mapOf('a')).catch(codeOf)
    const waiting = inquiry.ask<'map'>(mapOf('b')).catch(codeOf)
    const ranking = inquiry.ask<'words'>(words, false)
    inquiry.withdraw(({ kind }) => kind === 'map')
    expect(await waiting).toBe('job/cancelled')
    expect(await running).toBe('job/cancelled')
    await setImmediate()
    await finish('job-1-2')
    await ranking
  })

  it('does work between questions, in its order, and drops none of it', async () => {
    const order: string[] = []
    void inquiry.ask<'map'>(mapOf('a')).catch(() => order.push('a withdrawn'))
    void inquiry.ask<'map'>(mapOf('b')).then(() => order.push('b'))
    const work = ['first', 'second'].map((name) => inquiry.between(() => Promise.resolve(order.push(name))))
    inquiry.withdraw((question) => question.kind === 'map' && question.variants?.[0] === 'a')
    await Promise.all(work)
    await setImmediate()
    await finish('job-1-2')
    expect(order).toContain('a withdrawn')
    expect(order.filter((name) => name !== 'a withdrawn')).toEqual(['first', 'second', 'b'])
  })

  it('hands on what went wrong, and is free again when the engine is gone', async () => {
    const failed = inquiry.ask<'map'>(mapOf('a')).catch(codeOf)
    await setImmediate()
    engine.say('job.finished', {
      job: 'job-1-1',
      outcome: 'failed',
      error: { code: 'explorer/not-used', message: 'Nobody.' },
    })
    expect(await failed).toBe('explorer/not-used')
    const lost = inquiry.ask<'map'>(mapOf('b')).catch(codeOf)
    await setImmediate()
    engine.connection.detach(new EngineError('engine/stopped', 'It stopped.'))
    expect(await lost).toBe('engine/stopped')
    expect(inquiry.running).toBeNull()
  })
})
