import { describe, expect, it } from 'vitest'
import { AnswerTokens } from './answerTokens.ts'
import type { AnswerWishes } from './answerRule.ts'

/** The tokens of each value of one question, and what is told. */
function read(
  values: string[],
  wishes: AnswerWishes = {},
  codebook = null as ConstructorParameters<typeof AnswerTokens>[1],
) {
  const tokens = new AnswerTokens(() => wishes, codebook)
  tokens.learn('Q1', values)
  return { found: values.map((value) => tokens.of('Q1', value).trim()), notes: tokens.notes() }
}

describe('AnswerTokens', () => {
  it('leaves out words and codes for no answer, and tells which', () => {
    const { found, notes } = read([
      '1',
      '2',
      '-99',
      '-9',
      '99',
      'NA',
      'n/a',
      'NaN',
      'null',
      '',
      'k.A.',
      'No Answer',
      '3.0',
    ])
    expect(found).toEqual(['Q1=1', 'Q1=2', '', '', '', '', '', '', '', '', '', '', 'Q1=3'])
    expect(notes[0]).toMatch(/missing answers and left out: -9 \(1\), -99 \(1\), 99 \(1\)/)
  })

  it('takes 99 for an answer where other codes are as high', () => {
    expect(read(['1', '95', '99']).found).toEqual(['Q1=1', 'Q1=95', 'Q1=99'])
    expect(read(['1', '95', '999']).found).toEqual(['Q1=1', 'Q1=95', ''])
  })

  it('takes 0 for an answer only beside nothing but 1', () => {
    expect(read(['0', '1', '', '-9']).found).toEqual(['Q1=0', 'Q1=1', '', ''])
    const coded = read(['0', '1', '2'])
    expect(coded.found).toEqual(['', 'Q1=1', 'Q1=2'])
    expect(coded.notes).toEqual([expect.stringMatching(/An answer 0 is taken as "no answer"/) as string])
    expect(read(['0', '1', '2'], { isNumeric: true }).found).toEqual(['Q1=0', 'Q1=1', 'Q1=2'])
    expect(read(['0', '7', '99'], { isNumeric: true }).found).toEqual(['Q1=0', 'Q1=7', 'Q1=99'])
  })

  it('tells where a question of 0 and 1 goes on otherwise', () => {
    const tokens = new AnswerTokens(() => ({}), null)
    tokens.learn('Q1', ['0', '1'])
    expect(tokens.of('Q1', '0')).toBe(' Q1=0')
    tokens.of('Q1', '4')
    expect(tokens.notes()).toEqual([expect.stringMatching(/^Q1: nothing but 0 and 1 in the first rows/) as string])
  })

  it('takes the named values for missing and no others', () => {
    expect(read(['1', '7', '-9', '99'], { missing: [7] }).found).toEqual(['Q1=1', '', 'Q1=-9', 'Q1=99'])
    expect(read(['0', '1'], { missing: [0] }).found).toEqual(['', 'Q1=1'])
  })

  it.each([
    [', ', ['soda', 'pop', 'soda, pop']],
    [';', ['soda', 'pop', 'soda;pop']],
    ['|', ['soda', 'pop', 'soda|pop']],
    [' / ', ['soda', 'pop', 'soda / pop']],
  ])('parts several answers at %j where they occur alone too', (_, values) => {
    const { found, notes } = read(values)
    expect(found).toEqual(['Q1=soda', 'Q1=pop', 'Q1=soda Q1=pop'])
    expect(notes).toEqual([expect.stringMatching(/Several answers in one cell.*Q1/) as string])
  })

  it('parts answers that occur alone nowhere, but in several cells', () => {
    expect(read(['soda', 'soda, pop', 'pop, coke', 'coke']).found).toEqual([
      'Q1=soda',
      'Q1=soda Q1=pop',
      'Q1=pop Q1=coke',
      'Q1=coke',
    ])
  })

  it('parts the answers of several informants though none returns', () => {
    expect(read(['a / b', 'c / d', 'e / f', 'g']).found[1]).toBe('Q1=c Q1=d')
  })

  it('keeps a cell whole whose parts do not occur alone, or where it is told to', () => {
    expect(read(['Yes, always', 'Yes', 'No, never']).found).toEqual(['Q1=Yes,_always', 'Q1=Yes', 'Q1=No,_never'])
    expect(read(['soda', 'pop', 'soda, pop'], { separator: 'none' }).found[2]).toBe('Q1=soda,_pop')
    expect(read(['a+b'], { separator: '+' }).found).toEqual(['Q1=a Q1=b'])
  })

  it('gives codes their words by a codebook', () => {
    const words: Record<string, string> = { 1: 'soft drink', 2: 'no answer' }
    expect(read(['1', '2', '3'], {}, { text: (_, code) => words[code] }).found).toEqual(['Q1=soft_drink', '', 'Q1=3'])
  })
})
