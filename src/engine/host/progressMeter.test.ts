import { describe, expect, it } from 'vitest'
import type { EngineEvents } from '#protocol/events.ts'
import type { StageName } from '#protocol/project.ts'
import type { PlannedStep } from '#engine/runs/planExperiment.ts'
import { ProgressMeter } from './progressMeter.ts'

const step = (stage: StageName, state: PlannedStep['state'] = 'missing'): PlannedStep => ({
  stage,
  kind: 'run',
  id: stage,
  recipe: {},
  needs: [],
  title: `Do ${stage}`,
  state,
})

/** A meter on a clock that the test turns, and what it has told. */
function meterOf(...steps: PlannedStep[]) {
  const told: Omit<EngineEvents['job.progress'], 'job'>[] = []
  let now = 0
  const meter = new ProgressMeter(
    steps,
    (payload) => told.push(payload),
    () => now,
  )
  return {
    meter,
    told,
    last: () => told.at(-1)!,
    at(ms: number, done: number, total: number | null = 100) {
      now = ms
      meter.report({ done, total, unit: 'steps' })
    },
    end(ms: number, ended: PlannedStep, outcome: 'finished' | 'reused' = 'finished') {
      now = ms
      meter.ended(ended, outcome)
    },
  }
}

describe('ProgressMeter', () => {
  it('gives rate and time left of the last seconds, once there are some', () => {
    const step1 = step('embedding')
    const { meter, at, last } = meterOf(step1)
    meter.started(step1)
    at(0, 0)
    expect(last().progress).toMatchObject({ title: 'Do embedding', rate: null, remainingMs: null })
    at(1000, 10)
    expect(last().progress).toMatchObject({ rate: 10, remainingMs: 9000 })
    // Slower from here on: after ten seconds the fast start is forgotten.
    for (let second = 2; second <= 20; second++) at(second * 1000, 10 + second)
    expect(last().progress.rate).toBeCloseTo(1, 1)
  })

  it('tells little of what comes fast, and the end always', () => {
    const step1 = step('labels')
    const { meter, at, told } = meterOf(step1)
    meter.started(step1)
    for (let i = 0; i < 100; i++) at(i, i)
    expect(told).toHaveLength(1)
    at(100, 100)
    expect(told).toHaveLength(2)
  })

  it('counts anew where a stage begins another count', () => {
    const step1 = step('import')
    const { meter, at, last } = meterOf(step1)
    meter.started(step1)
    at(0, 0)
    at(1000, 90)
    at(2000, 5, 10)
    expect(last().progress.rate).toBeNull()
    at(3000, 7, 10)
    expect(last().progress).toMatchObject({ rate: 2, remainingMs: 1500 })
  })

  it('knows no time of the job while a stage to come was never timed, whichever it is', () => {
    for (const later of ['vocabulary', 'labels', 'embedding', 'training'] as const) {
      const steps = [step('import'), step(later)]
      const { meter, at, last } = meterOf(...steps)
      meter.started(steps[0]!)
      at(0, 0)
      at(1000, 50)
      expect(last(), later).toMatchObject({ progress: { remainingMs: 1000 }, overall: { remainingMs: null } })
    }
  })

  it('adds what steps of the same stage have taken, this one included, and nothing for those that are there', () => {
    const [first, second, third] = [step('training'), step('training'), step('training')]
    const { meter, at, end, last } = meterOf(first, second, third, step('embedding', 'done'))
    meter.started(first)
    at(0, 0)
    at(1000, 50)
    // This one will take two seconds, and so will the two after it.
    expect(last().overall.remainingMs).toBe(1000 + 2 * 2000)
    end(2000, first)
    meter.started(second)
    at(2000, 0)
    at(3000, 25)
    expect(last().overall.remainingMs).toBe(3000 + 2000)
  })

  it('moves the whole bar by the weights of stages, to its end', () => {
    const steps = [step('import'), step('training')]
    const { meter, at, end, last } = meterOf(...steps)
    end(0, steps[0]!, 'reused')
    meter.started(steps[1]!)
    at(1000, 50)
    const half = last().overall
    expect(half.done).toBeGreaterThan(half.total / 2)
    at(2000, 100)
    expect(last().overall.done).toBe(half.total)
  })
})
