import { describe, expect, it } from 'vitest'
import { canonicalJson, contentId } from './contentId.ts'

describe('contentId', () => {
  it('does not depend on the order of keys nor on undefined values', () => {
    expect(contentId({ b: [1, { d: 2, c: 3 }], a: 'x' })).toBe(
      contentId({ a: 'x', b: [1, { c: 3, d: 2 }], e: undefined }),
    )
  })

  it('tells values and types apart', () => {
    const ids = [{ a: 1 }, { a: '1' }, { a: null }, {}, { a: [1] }, { a: { 0: 1 } }].map(contentId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/)
  })

  it('writes JSON that parses to the same value', () => {
    const value = { z: [true, null, 'ü"'], a: { c: 1.5, b: [] } }
    expect(JSON.parse(canonicalJson(value))).toEqual(value)
  })
})
