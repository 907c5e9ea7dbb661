import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Comparison, ComparisonSlices } from '#protocol/comparison.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { ScriptedEngine, held } from '../../testing/engines.ts'
import { ComparisonState } from './comparisonState.svelte.ts'

let engine: ScriptedEngine
let state: ComparisonState
beforeEach(() => {
  engine = new ScriptedEngine()
  engine.on('experiment.comparison', ({ name }) => ({ experiment: name }) as Comparison)
  engine.on('experiment.slices', ({ column }) => ({ column }) as ComparisonSlices)
  state = new ComparisonState({ engine } as unknown as Workbench)
})

describe('ComparisonState', () => {
  it('compares once until there is more to compare', async () => {
    state.need()
    expect(engine.asked).toEqual([])
    state.look('x')
    state.need()
    state.need()
    await setImmediate()
    expect([state.comparison.value?.experiment, engine.asked.length]).toEqual(['x', 1])
    state.look('x')
    expect(state.comparison.value).toBeNull()
    state.need()
    expect(engine.asked).toHaveLength(2)
  })

  it('shows the column that was chosen last, and keeps it for the same experiment alone', async () => {
    state.look('x')
    const slow = held<ComparisonSlices>()
    engine.on('experiment.slices', ({ column }) => (column === 'age' ? slow.answer : ({ column } as ComparisonSlices)))
    state.sliceBy('age')
    state.sliceBy('sex')
    slow.give({ column: 'age' } as ComparisonSlices)
    await setImmediate()
    expect(state.slices.value?.column).toBe('sex')
    state.look('x')
    expect([state.column, state.slices.value]).toEqual(['sex', null])
    state.look('y')
    expect(state.column).toBeNull()
    state.needSlices()
    expect(engine.asked).toHaveLength(2)
  })
})
