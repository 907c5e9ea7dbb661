import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { WordList } from '../tokens/wordList.ts'
import { matchVariant } from './matchWords.ts'
import { parseVariant } from './parseVariant.ts'

const matches = async (text: string, list: string[], tokenisation: 'text' | 'answers' = 'text') => {
  const words = WordList.of(list)
  const { items } = await matchVariant(parseVariant(text, tokenisation), words, quietContext)
  return items.map((item) => item.words.map((ids) => [...ids].map((id) => words.text(id))))
}

test('reads words, phrases, wildcards, expressions and answers', async () => {
  const list = ["y'all", 'you', 'guys', 'ge', 'geht', 'gehst', 'mannheim', 'heim', 'a,b', 'Q50=soda', 'Q50=other_word']
  expect(await matches('Y’all, you guys', list)).toEqual([[["y'all"]], [['you'], ['guys']]])
  expect(await matches('"you guys"', list)).toEqual([[['you'], ['guys']]])
  expect(await matches('ge*t,*heim', list)).toEqual([[['geht', 'gehst']], [['mannheim', 'heim']]])
  expect(await matches('/a,b|ge/, you', list)).toEqual([[['ge', 'a,b']], [['you']]])
  expect(await matches('Q50=soda,Q50=other word', list, 'answers')).toEqual([[['Q50=soda']], [['Q50=other_word']]])
  expect(await matches('nothing', list)).toEqual([[[]]])
})

test('refuses what it cannot read', () => {
  for (const text of ['', ' , ', '/(/', '!!', 'x'.repeat(2000)])
    expect(() => parseVariant(text, 'text'), text).toThrow(expect.objectContaining({ code: 'explorer/bad-pattern' }))
  // What takes other engines exponential time is no danger here.
  expect(() => parseVariant('/(a+)+$/', 'text')).not.toThrow()
})

test('wildcards match as expressions do', async () => {
  const letters = fc.stringMatching(/^[aéb]{0,7}$/)
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[aéb]{0,3}\*[aéb*]{0,4}$/),
      fc.uniqueArray(letters, { minLength: 1 }),
      async (pattern, list) => {
        const words = list.filter((word) => word !== '')
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'u')
        expect(await matches(pattern, words)).toEqual([[words.filter((word) => expression.test(word))]])
      },
    ),
  )
})
