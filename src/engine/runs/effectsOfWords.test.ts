import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { wordsOf, type TrainedModel } from '#engine/models/method.ts'
import { effectsOfWords } from './effectsOfWords.ts'

/** Log-odds of label 1 are the sum of what each occurrence adds: 2 of word 7, -1 of word 8, nothing of others. */
const adds = new Map([
  [7, 2],
  [8, -1],
])
let asked = 0
const model: Pick<TrainedModel, 'predict'> = {
  predict(documents, chosen) {
    const { ids, offsets } = wordsOf(documents)
    asked += chosen.length
    const flat = new Float32Array(2 * chosen.length)
    for (let i = 0; i < chosen.length; i++) {
      const odds = ids.subarray(offsets[i], offsets[i + 1]).reduce((sum, id) => sum + (adds.get(id) ?? 0), 0)
      flat[2 * i] = -Math.log1p(Math.exp(odds))
      flat[2 * i + 1] = -Math.log1p(Math.exp(-odds))
    }
    return Promise.resolve({ posterior: { labelCount: 2, logProbabilities: flat }, coordinates: null })
  },
}

function documentsOf(...texts: number[][]) {
  const offsets = [0]
  for (const text of texts) offsets.push(offsets.at(-1)! + text.length)
  return { ids: Int32Array.from(texts.flat()), offsets: Float64Array.from(offsets) }
}

describe('effects of words', () => {
  it('are the mean of what a label loses, all occurrences taken out, of words that speak for it in two documents', async () => {
    const documents = documentsOf([7, 1, 7], [9, 7], [8, 1, 9], [8], [7])
    const asking = [{ label: 1, rows: [0, 1, 2, 3], words: [1, 7, 8, 9] }]
    const [effects] = await effectsOfWords(model, documents, asking, quietContext)
    expect(effects!.map(({ id, documents: count }) => [id, count])).toEqual([[7, 2]])
    expect(effects![0]!.effect).toBeCloseTo(3, 5)
  })

  it('of the other label are those that speak against this one', async () => {
    const documents = documentsOf([8, 1], [7, 8], [8])
    const [effects] = await effectsOfWords(
      model,
      documents,
      [{ label: 0, rows: [0, 1, 2], words: [7, 8] }],
      quietContext,
    )
    expect(effects!.map(({ id }) => id)).toEqual([8])
    expect(effects![0]!.effect).toBeCloseTo(1, 5)
  })

  it('ask for no more answers than there is time for, whatever the number of labels', async () => {
    const documents = documentsOf(...Array.from({ length: 100 }, () => [7]))
    const rows = Array.from({ length: 100 }, (_, i) => i)
    for (const [labels, most] of [
      [1, 16],
      [10_000, 40_000],
    ] as const) {
      asked = 0
      const each = Array.from({ length: labels }, () => ({ label: 1, rows, words: [7] }))
      await effectsOfWords(model, documents, each, quietContext)
      expect(asked).toBe(most)
    }
  })
})
