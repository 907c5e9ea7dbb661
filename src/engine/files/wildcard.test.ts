import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wildcardMatcher } from './wildcard.ts'

/** The same by definition: an asterisk takes nothing, or one more character. */
function matchesByDefinition(pattern: string, name: string): boolean {
  if (pattern === '') return name === ''
  if (pattern.startsWith('*'))
    return matchesByDefinition(pattern.slice(1), name) || (name !== '' && matchesByDefinition(pattern, name.slice(1)))
  return name !== '' && pattern[0] === name[0] && matchesByDefinition(pattern.slice(1), name.slice(1))
}

describe('wildcardMatcher', () => {
  it('matches what the definition matches', () => {
    const text = (letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''))
    fc.assert(
      fc.property(text(['a', 'b', '*']), text(['a', 'b']), (pattern, name) => {
        expect(wildcardMatcher(pattern)(name)).toBe(matchesByDefinition(pattern, name))
      }),
      { numRuns: 3000, seed: 1 },
    )
  })

  it('takes every character but the asterisk as it is', () => {
    expect(wildcardMatcher('Q(.)[*]')('Q(.)[1]')).toBe(true)
    expect(wildcardMatcher('Q.*')('Qx1')).toBe(false)
    expect(wildcardMatcher('Q*')('Q1\nhow often?')).toBe(true)
  })

  it('is done at once with a pattern of many asterisks', () => {
    const began = performance.now()
    expect(wildcardMatcher(`${'*a'.repeat(2000)}*b*`)('a'.repeat(100_000))).toBe(false)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
