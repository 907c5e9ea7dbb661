import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ExperimentsComparison } from '#protocol/comparison.ts'
import type { EpochMetrics, RunErrors } from '#protocol/runs.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { ScriptedEngine } from '../../testing/engines.ts'
import { AcrossState } from './acrossState.svelte.ts'

it('asks for the experiments that are chosen, and lays runs over one another in their order', async () => {
  const engine = new ScriptedEngine()
  engine.on('experiment.across', ({ names }) => ({ experiments: names }) as ExperimentsComparison)
  engine.on('run.errors', ({ run }) => ({ run: { id: run } }) as RunErrors)
  engine.on('run.metrics', () => [] as EpochMetrics[])
  const state = new AcrossState({ engine } as unknown as Workbench)
  state.look('a')
  expect(engine.asked).toEqual([])
  state.toggle('b')
  state.toggle('c')
  await setImmediate()
  expect(state.comparison.value?.experiments).toEqual(['a', 'b', 'c'])
  for (const run of ['1', '2', '3', '4', '5', '6', '2']) state.overlay(run)
  await setImmediate()
  await setImmediate()
  expect(state.runs).toEqual(['3', '4', '5', '6'])
  expect(state.overlaid.value?.map(({ errors }) => errors.run.id)).toEqual(['3', '4', '5', '6'])
  state.toggle('b')
  state.toggle('c')
  await setImmediate()
  expect(state.comparison.current.state).toBe('idle')
  state.look('x')
  expect([state.others, state.runs]).toEqual([[], []])
})
