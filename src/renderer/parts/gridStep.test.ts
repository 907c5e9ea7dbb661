import { expect, test } from 'vitest'
import { gridStep, isGridKey } from './gridStep.ts'

test('keys go from row to row and stop at the ends', () => {
  const from = (key: string, active: number) => gridStep(key, active, 100, 10)
  expect(from('ArrowDown', 3)).toBe(4)
  expect(from('ArrowUp', 0)).toBe(0)
  expect(from('PageDown', 95)).toBe(99)
  expect(from('PageUp', 25)).toBe(15)
  expect(from('Home', 50)).toBe(0)
  expect(from('End', 50)).toBe(99)
})

test('where no row is pointed at, End goes to the last row and every other key to the first', () => {
  expect(gridStep('End', -1, 100, 10)).toBe(99)
  for (const key of ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home'])
    expect(gridStep(key, -1, 100, 10), key).toBe(0)
})

test('there is no row to go to in an empty grid, nor by a key of none of the grid', () => {
  expect(gridStep('End', -1, 0, 10)).toBeNull()
  expect(gridStep('x', 3, 100, 10)).toBeNull()
  expect(gridStep('toString', 3, 100, 10)).toBeNull()
  expect(isGridKey('toString')).toBe(false)
})
