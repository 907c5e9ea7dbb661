import { expect, it } from 'vitest'
import type { KwicLine } from '#protocol/explorer.ts'
import { variable as schema, variableName, variablesFile } from '#protocol/variables.ts'
import { edited, editsOf, newVariable, patternsOf, variableOf, withEdit } from './edits.ts'

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
  edits = withEdit(edits, line(1, 9), 'Q1=soda')
  edits = withEdit(edits, line(1, 4), 'Q1=soda')
  expect(edits.map(({ start, variant }) => [start, variant])).toEqual([
    [9, 'Q1=soda'],
    [4, 'Q1=soda'],
  ])
  const { name, variable } = newVariable({}, ['Q1=pop', 'Q1=soda'])
  expect(name).toBe('Q1 pop - Q1 soda')
  const asked = ['Q1=pop', 'Q1=soda']
  const kept = edited(variable, asked, edits)
  expect(schema.parse(kept)).toEqual(kept)
  expect(editsOf(kept, asked)).toEqual(edits)
  const left = withEdit(withEdit(edits, line(2, 0), null), line(1, 9), undefined)
  expect(edited(variable, asked, left)).toMatchObject({
    excluded: [{ document: '0000000000000002', start: 0, end: 3 }],
    recoded: [{ document: '0000000000000001', start: 4, end: 7, to: 'Q1 soda' }],
  })
})

it('finds a variable by what it tells apart, and names a new one as no other', () => {
  const { variables } = variablesFile.parse({
    variables: { drinks: { variants: { pop: ['pop', 'pops'], soda: ['soda'] } }, 'pop - soda': { variants: { pop: ['pop'] } } }, // prettier-ignore
  })
  expect(variableOf(variables, ['pop,pops', 'soda'])?.name).toBe('drinks')
  expect(variableOf(variables, ['soda', 'pop,pops'])).toBeNull()
  expect(newVariable({}, ['pop, pops', '/a,b/,x']).variable.variants).toEqual({ 'pop pops': ['pop', 'pops'], 'a b x': ['/a,b/', 'x'] }) // prettier-ignore
  expect(newVariable(variables, ['pop', 'soda']).name).toBe('pop - soda 2')
  for (const asked of [['*heim', 'heim*'], ['/^a.b$/', '???'], ['x'.repeat(200)], ['"two words"', '-ville']]) {
    const { name, variable } = newVariable(variables, asked)
    expect(Object.keys(variable.variants)).toHaveLength(asked.length)
    for (const one of [name, ...Object.keys(variable.variants)])
      expect(variableName.safeParse(one).success, one).toBe(true)
  }
})

it('gives the patterns of a variable back, with their commas', () => {
  for (const asked of [
    ['pop', 'soda'],
    ['a,b', String.raw`c\,d`],
    ['/x{1,2}/', '"the soda",pop'],
  ]) {
    const { variable } = newVariable({}, asked)
    expect(variableOf({ kept: variable }, patternsOf(variable))?.name).toBe('kept')
  }
})
