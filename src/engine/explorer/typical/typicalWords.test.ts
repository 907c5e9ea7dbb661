import { expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { corpusOf, tokensOf, type TestDocument } from '../testing/tokensOf.ts'
import { typicalWords } from './typicalWords.ts'

it('counts informants on either side, and orders by the z of Monroe, Colaresi and Quinn', async () => {
  const random = seededRandom(2)
  // Each document has a word of its own: what an informant says again word for word does not count.
  const documents = Array.from({ length: 240 }, (_, i): TestDocument => {
    const inside = i % 3 === 0
    const said = ['the', random.next() < (inside ? 0.6 : 0.1) ? 'yinz' : 'you', random.next() < 0.3 ? 'soda' : 'pop']
    // Who says it often is one informant all the same.
    return { text: `n${i} ${said.join(' ')} ${said[1]!} ${said[1]!}`, author: `a${i >> 1}`, lat: 40 + (i >> 1) * 0.01, lon: 8, state: inside ? 'PA' : 'NY' } // prettier-ignore
  })
  const corpus = corpusOf(documents)
  const tokens = await tokensOf(corpus)
  const side = Uint8Array.from(tokens.rows, (row) => (documents[row]!['state'] === 'PA' ? 1 : row % 10 === 9 ? 2 : 0))
  const { informants, words } = await typicalWords(
    tokens,
    { side, minInformants: 5, isWanted: (word) => word !== 'the' && !/\d/.test(word) },
    quietContext,
  )

  const peopleWith = (wanted: number, word: string | null) =>
    new Set(
      Array.from(tokens.rows).flatMap((row, document) => {
        const { text, author } = documents[row]!
        return side[document] === wanted && (word === null || text.split(' ').includes(word)) ? [author] : []
      }),
    ).size
  expect(informants).toEqual({ inside: peopleWith(1, null), outside: peopleWith(0, null) })
  expect(words.map(({ word }) => word)[0]).toBe('yinz')
  expect(words.map(({ word }) => word).sort()).toEqual(['pop', 'soda', 'yinz', 'you'])
  for (const { word, z, inside, outside } of words) {
    expect([inside, outside]).toEqual([peopleWith(1, word), peopleWith(0, word)])
    const prior = (500 * (inside + outside)) / (informants.inside + informants.outside)
    const odds = (yes: number, of: number) => (yes + prior) / (of + 500 - (yes + prior))
    const ratio = Math.log(odds(inside, informants.inside)) - Math.log(odds(outside, informants.outside))
    expect(z).toBeCloseTo(ratio / Math.sqrt(1 / (inside + prior) + 1 / (outside + prior)), 12)
  }
})
