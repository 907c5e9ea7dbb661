import { expect, it } from 'vitest'
import { wildcardMatcher } from './wildcard.ts'

it.each([
  ['Q*', ['Q', 'Q1', 'Q10_a'], ['q1', 'AQ1']],
  ['*', ['', 'anything'], []],
  ['Q1', ['Q1'], ['Q10', '']],
  ['*_a*b', ['x_ab', '_a_b', 'x_ayb'], ['_a', 'ab', '_ba']],
  ['a*a', ['aa', 'aba'], ['a']],
  ['Q.*', ['Q.1'], ['Qx1']],
])('%s', (pattern, matching, others) => {
  const matches = wildcardMatcher(pattern)
  for (const name of matching) expect(matches(name)).toBe(true)
  for (const name of others) expect(matches(name)).toBe(false)
})

it('answers at once whatever the pattern', () => {
  expect(wildcardMatcher(`${'*a'.repeat(200)}b`)('a'.repeat(50_000))).toBe(false)
})
