import { describe, expect, it } from 'vitest'
import { nextSteps, withNeeds, type OrderedStep } from './nextSteps.ts'

const step = (id: string, needs: string[] = [], memoryBytes = 1): OrderedStep => ({ id, needs, memoryBytes })
const plan = [
  step('corpus'),
  step('words', ['corpus']),
  step('kd', ['corpus']),
  step('p2c', ['corpus']),
  step('vectors', ['words']),
  step('kd/1', ['kd', 'vectors']),
  step('kd/2', ['kd', 'vectors']),
  step('p2c/1', ['p2c', 'vectors'], 6),
]
const idsAt = (
  at: { done?: string[]; running?: string[]; failed?: string[] },
  jobs = 10,
  memoryBytes = 100,
): string[] =>
  nextSteps(
    plan,
    { done: new Set(at.done), running: new Set(at.running), failed: new Set(at.failed) },
    { jobs, memoryBytes },
  ).map(({ id }) => id)

describe('nextSteps', () => {
  it('begins with what needs nothing, then what needs only what is done, in the order of the plan', () => {
    expect(idsAt({})).toEqual(['corpus'])
    expect(idsAt({ running: ['corpus'] })).toEqual([])
    expect(idsAt({ done: ['corpus'] })).toEqual(['words', 'kd', 'p2c'])
    expect(idsAt({ done: ['corpus', 'words', 'kd'], running: ['p2c', 'vectors'] })).toEqual([])
  })

  it('fills the jobs that are free and no more', () => {
    expect(idsAt({ done: ['corpus'] }, 2)).toEqual(['words', 'kd'])
    expect(idsAt({ done: ['corpus'], running: ['words'] }, 2)).toEqual(['kd'])
    expect(idsAt({ done: ['corpus'], running: ['words', 'kd'] }, 2)).toEqual([])
  })

  it('holds up what needs a failed step, and nothing else', () => {
    const done = ['corpus', 'words', 'kd', 'vectors']
    expect(idsAt({ done, failed: ['p2c'] })).toEqual(['kd/1', 'kd/2'])
    expect(idsAt({ done: [...done, 'p2c'], failed: ['kd/1'] })).toEqual(['kd/2', 'p2c/1'])
  })

  it('keeps within memory, passes over what is too large for the moment, and begins one step whatever it needs', () => {
    const done = ['corpus', 'words', 'kd', 'p2c', 'vectors']
    expect(idsAt({ done }, 10, 7)).toEqual(['kd/1', 'kd/2'])
    expect(idsAt({ done, running: ['p2c/1'] }, 10, 7)).toEqual(['kd/1'])
    expect(idsAt({ done: [...done, 'kd/1', 'kd/2'] }, 10, 2)).toEqual(['p2c/1'])
  })

  it('comes to the end of any plan, whatever the number of jobs', () => {
    for (const jobs of [1, 2, 3, 20]) {
      const done = new Set<string>()
      for (let turn = 0; done.size < plan.length; turn++) {
        expect(turn).toBeLessThan(plan.length)
        for (const { id } of nextSteps(plan, { done, running: new Set(), failed: new Set() }, { jobs, memoryBytes: 3 }))
          done.add(id)
      }
    }
  })
})

describe('withNeeds', () => {
  it('adds all that some steps need', () => {
    expect(withNeeds(plan, ['kd/2']).map(({ id }) => id)).toEqual(['corpus', 'words', 'kd', 'vectors', 'kd/2'])
    expect(withNeeds(plan, ['p2c', 'kd']).map(({ id }) => id)).toEqual(['corpus', 'kd', 'p2c'])
  })
})
