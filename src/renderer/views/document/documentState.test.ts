import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import type { DocumentView, Prediction, RunSummary } from '#protocol/runs.ts'
import { ResultsState } from '../../state/resultsState.svelte.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { ScriptedEngine, held } from '../../testing/engines.ts'
import { DocumentState } from './documentState.svelte.ts'

let engine: ScriptedEngine
let results: ResultsState
let state: DocumentState
beforeEach(async () => {
  engine = new ScriptedEngine()
  engine.on('experiment.runs', () => ['a', 'b'].map((id) => ({ id, status: 'finished' }) as RunSummary))
  engine.on('run.document', ({ row }) => ({ row, text: `text ${row}` }) as DocumentView)
  engine.on('run.predict', ({ run, text }) => ({ name: `${run}: ${text}` }) as Prediction)
  results = new ResultsState(engine.connection)
  state = new DocumentState({ engine, results, draft: { effective: null } } as unknown as Workbench)
  results.look('x')
  await setImmediate()
})
async function show(row: number) {
  results.row = row
  state.show()
  await setImmediate()
}

describe('DocumentState', () => {
  it('reads a document and asks the chosen run where it is from, once', async () => {
    await show(3)
    expect([state.document.value?.row, state.prediction?.name, state.predicting]).toEqual([3, 'a: text 3', false])
    const asked = engine.asked.length
    state.show()
    results.look('x')
    state.look()
    await setImmediate()
    state.show()
    expect(engine.asked).toHaveLength(asked + 1)
    expect(state.document.value?.row).toBe(3)
    results.run = 'b'
    state.show()
    await setImmediate()
    expect(state.prediction?.name).toBe('b: text 3')
  })

  it('shows the last document of several, whatever the order of answers', async () => {
    const slow = held<DocumentView>()
    engine.on('run.document', ({ row }) => (row === 1 ? slow.answer : ({ row, text: `text ${row}` } as DocumentView)))
    await show(1)
    await show(2)
    slow.give({ row: 1, text: 'text 1' } as DocumentView)
    await setImmediate()
    expect([state.document.value?.row, state.prediction?.name]).toEqual([2, 'a: text 2'])
    expect(engine.asked.filter((asked) => asked.startsWith('run.predict'))).toEqual([
      'run.predict {"run":"a","text":"text 2"}',
    ])
  })

  it('predicts a text of the person’s own, and the last of several', async () => {
    await show(1)
    const slow = held<Prediction>()
    engine.on('run.predict', ({ text }) => (text === 'slow' ? slow.answer : ({ name: text } as Prediction)))
    void state.predict('slow')
    expect(state.predicting).toBe(true)
    await state.predict('quick')
    slow.give({ name: 'slow' } as Prediction)
    await setImmediate()
    expect([state.prediction?.name, state.predicting]).toEqual(['quick', false])
  })

  it('keeps the document where only the prediction fails, and reads both again when asked', async () => {
    let broken = true
    engine.on('run.predict', () => {
      if (broken) throw new EngineError('run/no-model', 'There is no model.')
      return { name: 'here' } as Prediction
    })
    await show(1)
    expect([state.document.value?.row, state.prediction, state.predictionError?.message]).toEqual([
      1,
      null,
      'There is no model.',
    ])
    broken = false
    state.again()
    await setImmediate()
    expect([state.prediction?.name, state.predictionError]).toEqual(['here', null])
  })

  it('is empty for another experiment', async () => {
    await show(1)
    results.look('y')
    state.look()
    expect([state.document.current.state, state.prediction]).toEqual(['idle', null])
  })
})
