import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { skipGramSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { neighbours } from './neighbours.ts'
import { trainSkipGram, type SkipGramInput } from './skipGram.ts'
import { skipGramCheckpoints } from './skipGramCheckpoints.ts'
import { makeScratch, negativeSampler, trainWindow } from './skipGramKernel.ts'

/** Documents about one of `topics` groups of ten words each, with words of no topic between them. */
function plantedCorpus(topics: number): SkipGramInput {
  const random = seededRandom(1)
  const ids: number[] = []
  const offsets = [0]
  for (let document = 0; document < 600; document++) {
    const topic = random.below(topics)
    for (let i = 0; i < 30; i++) ids.push(random.next() < 0.5 ? 10 * topic + random.below(10) : 10 * topics + random.below(40))
    offsets.push(ids.length)
  }
  return {
    ids: Int32Array.from(ids),
    offsets: Float64Array.from(offsets),
    documents: Int32Array.from({ length: 600 }, (_, i) => i),
    vocabularySize: 10 * topics + 40,
  }
}

const settings = skipGramSettings.parse({ method: 'skip-gram', dimensions: 24, epochs: 8, sample: 0 })

describe('trainWindow', () => {
  it('does what the formula says', () => {
    const random = seededRandom(2)
    const values = () => Float32Array.from({ length: 5 * 3 }, () => random.normal())
    const state = { dimensions: 3, input: values(), output: values() }
    const [x, y] = [Array.from(state.input), Array.from(state.output)]
    const vector = (from: number[], word: number) => from.slice(3 * word, 3 * word + 3)
    const context = [1, 4]
    const targets = [2, 0, 3]
    const error = (i: number, j: number) => {
      const dot = vector(x, context[i]!).reduce((sum, value, k) => sum + value * vector(y, targets[j]!)[k]!, 0)
      return ((j === 0 ? 1 : 0) - 1 / (1 + Math.exp(-dot))) * 0.1
    }
    trainWindow(state, { context: Int32Array.from(context), count: 2, targets: Int32Array.from(targets), targetCount: 3 }, 0.1, makeScratch(4, 3, 3))
    context.forEach((word, i) => {
      for (let k = 0; k < 3; k++) {
        const expected = x[3 * word + k]! + targets.reduce((sum, target, j) => sum + error(i, j) * y[3 * target + k]!, 0)
        expect(state.input[3 * word + k]).toBeCloseTo(expected, 5)
      }
    })
    targets.forEach((target, j) => {
      for (let k = 0; k < 3; k++) {
        const expected = y[3 * target + k]! + context.reduce((sum, word, i) => sum + error(i, j) * x[3 * word + k]!, 0)
        expect(state.output[3 * target + k]).toBeCloseTo(expected, 5)
      }
    })
  })

  it('draws negatives by the power 0.75 of their counts', () => {
    const draw = negativeSampler([1, 16, 81])
    const random = seededRandom(3)
    const seen = [0, 0, 0]
    for (let i = 0; i < 36_000; i++) seen[draw(random)]!++
    ;[1, 8, 27].forEach((share, word) => expect(Math.abs(seen[word]! / 1000 - share)).toBeLessThan(0.5))
  })
})

describe('trainSkipGram', () => {
  it('puts words of one topic next to one another', async () => {
    const { vectors, lossByEpoch } = await trainSkipGram(plantedCorpus(8), settings, quietContext)
    let right = 0
    for (let word = 0; word < 80; word++) {
      right += neighbours(vectors, word, 9).filter(({ row }) => Math.floor(row / 10) === Math.floor(word / 10)).length
    }
    expect(right / (80 * 9)).toBeGreaterThan(0.9)
    expect(lossByEpoch).toHaveLength(8)
    expect(lossByEpoch.at(-1)).toBeLessThan(lossByEpoch[0]!)
  })

  it('continues after a cancel to the bits of an unbroken run', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const input = plantedCorpus(3)
    const whole = await trainSkipGram(input, { ...settings, epochs: 3 }, quietContext)
    for (const stopAt of [9_000, 30_000]) {
      const controller = new AbortController()
      const context = { ...quietContext, signal: controller.signal, report: ({ done }: { done: number }) => done > stopAt && controller.abort() }
      await expect(trainSkipGram(input, { ...settings, epochs: 3 }, { ...context, report: (progress) => void context.report(progress) }, skipGramCheckpoints(directory, () => 0))).rejects.toThrow()
    }
    const resumed = await trainSkipGram(input, { ...settings, epochs: 3 }, quietContext, skipGramCheckpoints(directory, () => 0))
    expect(resumed).toEqual(whole)
    await rm(directory, { recursive: true })
  })
})
