import { describe, expect, it } from 'vitest'
import { printable } from './printable.ts'

describe('printable', () => {
  it('shows what would have moved the cursor', () => {
    expect(printable('a\x1b[2Jb\x9b31m\x07\r')).toBe('a\\u001b[2Jb\\u009b31m\\u0007\\u000d')
    expect(printable('x\u202egnp.exe')).toBe('x\\u202egnp.exe')
  })

  it('leaves text alone', () => {
    const text = 'Zürich\t漢字 😀\nمی\u200cروم'
    expect(printable(text)).toBe(text)
  })
})
