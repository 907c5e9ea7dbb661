import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { matchVariant } from '../patterns/matchWords.ts'
import { parseVariant } from '../patterns/parseVariant.ts'
import { corpusOf, tokensOf, type TestDocument } from '../testing/tokensOf.ts'
import { countVariants, type CountOptions } from './countVariants.ts'
import { documentFilter } from './documentFilter.ts'

const document = fc.record({
  text: fc
    .array(fc.constantFrom('soda', 'pop', 'pops', 'soft', 'drink', 'the', 'popcorn'), { maxLength: 9 })
    .map((words) => words.join(' ')),
  author: fc.constantFrom(undefined, 'ann', 'bob', 'eve', 'ida'),
  lat: fc.constantFrom(40, 50),
  lon: fc.constantFrom(-100, -90),
})
const options = fc.record({
  measure: fc.constantFrom('share' as const, 'rate' as const),
  several: fc.constantFrom('shares' as const, 'half' as const, 'both' as const, 'none' as const),
  of: fc.constantFrom('variants' as const, 'all' as const),
})
const questions = ['soda,soft drink', 'pop*', '/dr.nk|soft/']

/** The same, said slowly: texts as strings, one informant after the other. */
function slowly(documents: TestDocument[], { measure, several, of }: Omit<CountOptions, 'documents'>) {
  const informants = new Map<string, TestDocument[]>()
  documents.forEach((one, row) => {
    const key = one.author ?? `row ${row}`
    informants.set(key, [...(informants.get(key) ?? []), one])
  })
  const sites = new Map<string, { informants: number; users: number[] }>()
  for (const own of informants.values()) {
    const keys = own.map(({ lat, lon }) => `${lat},${lon}`)
    const count = (key: string) => keys.filter((other) => other === key).length
    const home = keys.reduce((best, key) => (count(key) > count(best) ? key : best))
    const texts = [...new Set(own.map(({ text }) => text))]
    const counts = [0, 0, 0]
    for (const text of texts) {
      // What is a phrase is nothing else.
      const rest = text.replace(/soft drink/g, () => {
        counts[0]!++
        return 'x'
      })
      for (const word of rest.split(' ')) {
        if (word === 'soda') counts[0]!++
        if (word.startsWith('pop')) counts[1]!++
        if (word === 'soft' || word === 'drink') counts[2]!++
      }
    }
    const site = sites.get(home) ?? { informants: 0, users: [0, 0, 0] }
    sites.set(home, site)
    const used = counts.filter((c) => c > 0).length
    const sum = counts.reduce((a, b) => a + b)
    if (of === 'all')
      site.informants += measure === 'rate' ? texts.join(' ').split(' ').filter(Boolean).length / 1000 : 1
    if (used === 0 || (used > 1 && several === 'none')) continue
    counts.forEach((c, v) => {
      if (c === 0) return
      const part = { shares: c / sum, half: 1 / used, both: 1, none: 1 }[several]
      const amount = measure === 'rate' ? c : of === 'all' ? 1 : part
      site.users[v]! += amount
      if (of === 'variants') site.informants += amount
    })
  }
  return [...sites]
    .filter(([, { informants }]) => informants > 0)
    .map(([key, { informants, users }]) => ({
      lat: Number(key.split(',')[0]),
      lon: Number(key.split(',')[1]),
      informants,
      users,
    }))
    .sort((a, b) => a.lat - b.lat || a.lon - b.lon)
}

test('counts by site as a slow twin counts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(document, { minLength: 1, maxLength: 12 }), options, async (documents, how) => {
      const tokens = await tokensOf(corpusOf(documents))
      const variants = await Promise.all(
        questions.map((text) => matchVariant(parseVariant(text, 'text'), tokens.words, quietContext)),
      )
      const found = await countVariants(tokens, variants, { ...how, documents: null }, quietContext)
      const expected = slowly(documents, how)
      expect(found.lat.length).toBe(expected.length)
      expected.forEach((site, i) => {
        expect([found.lat[i], found.lon[i]]).toEqual([site.lat, site.lon])
        expect(found.informants[i]).toBeCloseTo(site.informants, 10)
        site.users.forEach((users, v) => expect(found.users[v]![i]).toBeCloseTo(users, 10))
      })
    }),
    { numRuns: 60 },
  )
})

test('counts only documents that meet the conditions', async () => {
  const corpus = corpusOf([
    { text: 'soda', lat: 1, lon: 1, age: 20 },
    { text: 'pop', lat: 1, lon: 1, age: 31 },
    { text: 'pop', lat: 2, lon: 1, age: 18 },
    { text: 'pop', lat: 2, lon: 1 },
  ])
  const tokens = await tokensOf(corpus)
  const variants = await Promise.all(
    ['soda', 'pop'].map((text) => matchVariant(parseVariant(text, 'text'), tokens.words, quietContext)),
  )
  const documents = await documentFilter(corpus, tokens, [{ column: 'age', min: 18, max: 30 }])
  const { users, informantCount } = await countVariants(
    tokens,
    variants,
    { measure: 'share', several: 'shares', of: 'variants', documents },
    quietContext,
  )
  expect(users.map((each) => [...each])).toEqual([
    [1, 0],
    [0, 1],
  ])
  expect(informantCount).toBe(2)
  await expect(documentFilter(corpus, tokens, [{ column: 'age', values: ['99'] }])).rejects.toMatchObject({
    code: 'explorer/nothing-selected',
  })
})

test('refuses two variants of one word', async () => {
  const tokens = await tokensOf(corpusOf([{ text: 'pop pops', lat: 1, lon: 1 }]))
  const variants = await Promise.all(
    ['pop*', 'pops'].map((text) => matchVariant(parseVariant(text, 'text'), tokens.words, quietContext)),
  )
  await expect(
    countVariants(
      tokens,
      variants,
      { measure: 'share', several: 'shares', of: 'variants', documents: null },
      quietContext,
    ),
  ).rejects.toMatchObject({ code: 'explorer/variants-overlap' })
})
