import { expect, test } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { corpusOf, tokensOf } from '../testing/tokensOf.ts'

test('keeps every word, in lower case, by informant and site', async () => {
  const tokens = await tokensOf(
    corpusOf([
      { text: 'North of nowhere', author: 'a', lat: 50, lon: 8 },
      { text: 'Oh #Hashtag @Name http://x.org 42', lat: 40, lon: 8 },
      { text: 'O\u0308l öl', author: 'b', lat: 40, lon: 8.00001 },
      { text: 'north again', author: 'a', lat: 50, lon: 8 },
      { text: 'north again', author: 'a', lat: 60, lon: 8 },
    ]),
  )
  const { words, offsets, rows, documentsOf, informantsAt, places, isRepeated } = tokens
  const documents: string[][] = []
  await tokens.scan((ids, start, count) => {
    rows.forEach((_, document) => {
      documents[document] = [
        ...ids.subarray(offsets[document]! - start, Math.min(offsets[document + 1]! - start, count)),
      ].map((id) => words.text(id))
    })
  }, quietContext)
  expect(documents).toEqual([
    ['oh', '#hashtag', '@name', '42'],
    ['öl', 'öl'],
    ['north', 'of', 'nowhere'],
    ['north', 'again'],
    ['north', 'again'],
  ])
  expect([...rows]).toEqual([1, 2, 0, 3, 4])
  expect([...documentsOf]).toEqual([0, 1, 2, 5])
  // 8 and 8.00001 are one place; of the author at two places the one with more documents counts.
  expect([...informantsAt]).toEqual([0, 2, 3])
  expect(places).toEqual({ lat: Float64Array.of(40, 50), lon: Float64Array.of(8, 8) })
  expect([...isRepeated]).toEqual([0, 0, 0, 0, 1])
  expect(tokens.moved).toBe(1)
  expect(words.text(0)).toBe('north')
  expect([words.find('öl'), words.find('o'), words.find('nowhere')]).toEqual([
    expect.any(Number),
    -1,
    expect.any(Number),
  ])
  expect(words.text(words.find('nowhere'))).toBe('nowhere')
})
