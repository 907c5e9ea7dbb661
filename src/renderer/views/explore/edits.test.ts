import { expect, it } from 'vitest'
import type { KwicLine } from '#protocol/explorer.ts'
import { editsOf, variableOf, withEdit } from './edits.ts'

const line = (row: number, start: number): KwicLine => ({
  row,
  document: String(row).padStart(16, '0'),
  author: null,
  lat: 0,
  lon: 0,
  left: '',
  hit: 'pop',
  right: '',
  start,
  end: start + 3,
  columns: {},
})

it('has one edit a hit, and goes to a variable and back', () => {
  let edits = withEdit([], line(1, 4), null)
  edits = withEdit(edits, line(1, 9), 'soda')
  edits = withEdit(edits, line(1, 4), 'soda')
  expect(edits.map(({ start, variant }) => [start, variant])).toEqual([
    [9, 'soda'],
    [4, 'soda'],
  ])
  expect(editsOf(variableOf(['pop', 'soda'], edits))).toEqual(edits)
  const left = withEdit(withEdit(edits, line(2, 0), null), line(1, 9), undefined)
  expect(variableOf(['pop', 'soda'], left)).toMatchObject({
    name: 'pop | soda',
    excluded: [{ row: 2, span: [0, 3] }],
    recoded: [{ row: 1, span: [4, 7], as: 'soda' }],
  })
})
