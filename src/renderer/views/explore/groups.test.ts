import { describe, expect, it } from 'vitest'
import type { ColumnValues } from '#protocol/corpus.ts'
import { conditionText } from '#pure/conditionText.ts'
import { firstGroups, partedAt } from './groups.ts'

const column = (values: [string, number][], numbers: ColumnValues['numbers'] = null): ColumnValues => ({
  values: values.map(([value, documents]) => ({ value, documents })),
  distinct: values.length,
  missing: 0,
  numbers,
})
const age = column(
  [
    ['30', 9],
    ['20', 5],
    ['55', 4],
    ['70', 1],
  ],
  { min: 20, max: 70, median: 30 },
)

describe('groups', () => {
  it('part numbers at their middle, with no value in both or neither', () => {
    expect(firstGroups('age', age)!.parts).toEqual([
      { column: 'age', max: 30 },
      { column: 'age', min: 55 },
    ])
    expect(firstGroups('age', { ...age, numbers: { min: 20, max: 30, median: 30 } })!.parts[0]).toMatchObject({
      max: 20,
    })
    expect(partedAt('age', age, 70)).toBeNull()
    expect(partedAt('age', age, 10)).toBeNull()
    expect(partedAt('age', age, NaN)).toBeNull()
  })

  it('take the two most frequent of other values', () => {
    const sex = column([
      ['f', 9],
      ['m', 8],
      ['x', 1],
    ])
    expect(firstGroups('sex', sex)!.parts.map(conditionText)).toEqual(['sex f', 'sex m'])
    expect(firstGroups('sex', column([['f', 9]]))).toBeNull()
  })

  it('are read as sentences are', () => {
    expect(conditionText({ column: 'age', min: 18 })).toBe('age from 18')
    expect(conditionText({ column: 'age', min: 18, max: 30 })).toBe('age 18 to 30')
    expect(conditionText({ column: 'sex', values: ['f', 'm'] })).toBe('sex f or m')
  })
})
