import { describe, expect, it } from 'vitest'
import { bytesText, durationText, rateText } from './timeText.ts'

describe('texts of quantities', () => {
  it.each([
    [400, '0 s'],
    [40_000, '40 s'],
    [59_700, '1 min'],
    [200_000, '3 min 20 s'],
    [1_230_000, '21 min'],
    [3_599_900, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms is %s', (ms, text) => expect(durationText(ms)).toBe(text))

  it('bytes and rates', () => {
    expect(bytesText(0)).toBe('0 B')
    expect(bytesText(1536)).toBe('1.5 KiB')
    expect(bytesText(700 * 1024 * 1024)).toBe('700 MiB')
    expect(rateText(1234.5, 'documents')).toBe('1,235 documents/s')
    expect(rateText(2048, 'bytes')).toBe('2 KiB/s')
  })
})
