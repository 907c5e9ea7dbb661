import fc from 'fast-check'
import { expect, it } from 'vitest'
import { certaintyHistogram } from './certaintyHistogram.ts'
import { windowsOf } from './textWindows.ts'

it('pieces hold all words once, in their order, and as many as asked for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-zäø😂]{1,5}$/u), { maxLength: 60 }),
      fc.integer({ min: 5, max: 20 }),
      (words, size) => {
        const text = ` ${words.join('  \n')} `
        const windows = windowsOf(text, size)
        expect(windows.flatMap((one) => one.text.split(/\s+/).filter(Boolean))).toEqual(words)
        for (const [k, one] of windows.entries()) {
          expect(one.window).toBe(k + 1)
          expect(text.slice(one.start, one.end)).toBe(one.text)
          const count = one.text.split(/\s+/).filter(Boolean).length
          if (windows.length > 1) expect(count).toBeGreaterThanOrEqual(size / 2)
          expect(count).toBeLessThanOrEqual(1.5 * size)
        }
      },
    ),
  )
  expect(windowsOf('as it is ', undefined)).toEqual([{ window: 1, start: 0, end: 9, text: 'as it is ' }])
})

it('a histogram counts each answer once', () => {
  const lines = certaintyHistogram([0, 0.05, 0.1, 0.95, 1]).split('\n')
  expect(lines).toHaveLength(11)
  expect(lines.slice(1).map((line) => Number(/^[\d.]+ to [\d.]+ +(\d+)/.exec(line)![1]))).toEqual([
    2, 1, 0, 0, 0, 0, 0, 0, 0, 2,
  ])
})
