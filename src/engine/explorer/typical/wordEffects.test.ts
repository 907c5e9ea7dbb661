import { expect, it } from 'vitest'
import type { Contribution, Explanation } from '#protocol/runs.ts'
import { WordEffects } from './wordEffects.ts'

const exact = (contributions: Contribution[]): Explanation => ({ attention: null, occlusion: null, contributions })

it('sums the parts of spans that lie in a word, by document, and takes the mean', () => {
  const effects = new WordEffects('text')
  // "Yinz go, yinz": half of a span over "Yinz " is in no word.
  for (let i = 0; i < 6; i++)
    effects.add('Yinz go, yinz', i, exact([{ start: 0, end: 5, value: 1 }, { start: 9, end: 13, value: i }])) // prettier-ignore
  const { effect, interval, documents } = effects.of('yinz', 1)!
  expect(effect).toBeCloseTo(0.8 + 2.5, 12)
  expect(documents).toBe(6)
  expect(interval[0]).toBeGreaterThan(0.8)
  expect(interval[0]).toBeLessThan(effect)
  expect(interval[1]).toBeGreaterThan(effect)
  expect(interval[1]).toBeLessThanOrEqual(5.8)
  // The model said nothing of it.
  expect(effects.of('go', 1)).toBeNull()
})

it('takes what taking a word out takes away, and resamples informants, not documents', () => {
  const effects = new WordEffects('text')
  const occlusion = (change: number): Explanation => ({
    attention: null,
    contributions: null,
    occlusion: [{ start: 0, end: 3, change }],
  })
  // Ninety documents of one informant are one opinion.
  for (let i = 0; i < 90; i++) effects.add('pop', 0, occlusion(-2))
  for (let i = 1; i <= 3; i++) effects.add('pop', i, occlusion(0))
  expect(effects.of('pop', 1)!.effect).toBeCloseTo(180 / 93, 12)
  expect(effects.of('pop', 1)!.interval[0]).toBe(0)
  const alone = new WordEffects('text')
  for (let i = 0; i < 90; i++) alone.add('pop', 0, occlusion(-2))
  expect(alone.of('pop', 1)).toBeNull()
})
