import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import type { LabelMap, LabelSetSummary } from '#protocol/labelSets.ts'
import type { RunErrors, RunSummary } from '#protocol/runs.ts'
import { ScriptedEngine, held } from '../testing/engines.ts'
import { ResultsState } from './resultsState.svelte.ts'

const run = (id: string, labels: string, status: RunSummary['status'] = 'finished') =>
  ({ id, experiment: 'x', labels, model: 'stl', seed: 1, status }) as RunSummary
const runs: RunSummary[] = [run('a', 'kd', 'missing'), run('b', 'kd'), run('c', 'p2c')]

let engine: ScriptedEngine
let results: ResultsState
beforeEach(() => {
  engine = new ScriptedEngine()
  engine.on('experiment.runs', () => runs)
  engine.on('experiment.labelSets', () => ['kd', 'p2c'].map((name) => ({ name }) as LabelSetSummary))
  engine.on('labels.map', ({ labels }) => ({ summary: { name: labels } }) as LabelMap)
  engine.on('run.errors', ({ run }) => ({ run: { id: run }, documents: 1 }) as RunErrors)
  results = new ResultsState(engine.connection)
})

describe('ResultsState', () => {
  it('asks for errors and labels only when a view needs them, and once', async () => {
    results.needErrors()
    results.look('x')
    await setImmediate()
    expect(engine.asked).toEqual(['experiment.runs {"name":"x"}'])
    for (let i = 0; i < 2; i++) {
      results.needErrors()
      results.needLabels()
    }
    await setImmediate()
    expect(engine.asked.slice(1).sort()).toEqual([
      'experiment.labelSets {"name":"x"}',
      'labels.map {"experiment":"x","labels":"kd"}',
      'labels.map {"experiment":"x","labels":"p2c"}',
      'run.errors {"run":"b"}',
      'run.errors {"run":"c"}',
    ])
  })

  it('shows the first finished run until one is chosen, with its errors and its labels', async () => {
    results.look('x')
    await setImmediate()
    results.needErrors()
    results.needLabels()
    await setImmediate()
    expect([results.chosen?.id, results.chosenErrors?.run.labels, results.chosenLabels?.summary.name]).toEqual([
      'b',
      'kd',
      'kd',
    ])
    results.run = 'c'
    expect([results.chosen?.id, results.chosenErrors?.run.id, results.chosenLabels?.summary.name]).toEqual([
      'c',
      'c',
      'p2c',
    ])
    // One that is not finished cannot be looked at.
    results.run = 'a'
    expect(results.chosen?.id).toBe('b')
  })

  it('reads the errors of a run once, however often its experiment is looked at', async () => {
    for (let i = 0; i < 2; i++) {
      results.look('x')
      await setImmediate()
      results.needErrors()
      await setImmediate()
      expect(results.errors.value).toHaveLength(2)
    }
    expect(engine.asked.filter((asked) => asked.startsWith('run.errors'))).toHaveLength(2)
  })

  it('keeps the choice while the experiment is the same, and forgets it with another', async () => {
    results.look('x')
    await setImmediate()
    results.run = 'c'
    results.row = 7
    results.look('x')
    expect([results.run, results.row]).toEqual(['c', 7])
    results.look('y')
    expect([results.run, results.row]).toEqual([null, null])
  })

  it('shows nothing of an experiment that was left before its answer came', async () => {
    const slow = held<RunSummary[]>()
    engine.on('experiment.runs', ({ name }) => (name === 'slow' ? slow.answer : runs.slice(1)))
    results.look('slow')
    results.look('x')
    slow.give([run('z', 'kd')])
    await setImmediate()
    expect(results.finished.map(({ id }) => id)).toEqual(['b', 'c'])
    results.look(null)
    expect([results.finished, results.runs.current.state]).toEqual([[], 'idle'])
  })

  it('asks again for what failed', async () => {
    let broken = true
    engine.on('run.errors', ({ run }) => {
      if (broken) throw new EngineError('run/damaged', 'It is damaged.')
      return { run: { id: run } } as RunErrors
    })
    results.look('x')
    await setImmediate()
    results.needErrors()
    await setImmediate()
    expect(results.errors.current).toMatchObject({ state: 'failed', error: { code: 'run/damaged' } })
    broken = false
    results.again('errors')
    await setImmediate()
    expect(results.errors.value).toHaveLength(2)
  })
})
