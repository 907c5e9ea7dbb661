import { expect, it } from 'vitest'
import { commonDirection, textDirection } from './textDirection.ts'

it('goes by the first letter, whatever stands before it', () => {
  expect(['שלום', 'مرحبا soda', '"… ދިވެހި', 'ߒߞߏ'].map(textDirection)).toEqual(['rtl', 'rtl', 'rtl', 'rtl'])
  expect(['soda שלום', '12 + 3', '', 'नमस्ते', 'ä'].map(textDirection)).toEqual(['ltr', 'ltr', 'ltr', 'ltr', 'ltr'])
})

it('of several texts is that of most', () => {
  expect(commonDirection(['שלום', 'עולם', 'ok'])).toBe('rtl')
  expect(commonDirection(['שלום', 'ok'])).toBe('ltr')
  expect(commonDirection([])).toBe('ltr')
})
