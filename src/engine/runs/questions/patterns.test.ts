import { expect, it } from 'vitest'
import { question as questionSchema, type QuestionInput } from '#protocol/explorer.ts'
import type { PatternsAnswer } from '#protocol/patterns.ts'
import { quietContext } from '#engine/context.ts'
import { corpusOf, tokensOf, type TestDocument } from '#engine/explorer/testing/tokensOf.ts'
import { seededRandom } from '#engine/random.ts'
import { patterns } from './patterns.ts'
import type { AskedCorpus } from './question.ts'

/**
 * 1,500 people at 300 places of southern Germany and the Alps. Eight words are at home in the west, six in the north,
 * others nowhere; soda gives way to pop from west to east, sub to hoagie from north to south.
 */
async function plantedCorpus(planted: boolean): Promise<AskedCorpus> {
  const random = seededRandom(6)
  const places = Array.from({ length: 300 }, () => ({ lat: 46 + 4 * random.next(), lon: 7 + 5 * random.next() }))
  const documents = Array.from({ length: 1500 }, (_, i): TestDocument => {
    const { lat, lon } = places[i % 300]!
    const [west, north] = planted ? [lon < 9.5, lat > 48] : [i % 2 === 0, i % 4 < 2]
    const words = [
      ...Array.from({ length: 24 }, (__, k) => [`filler${k % 4}`, 0.4] as const),
      ...Array.from({ length: 8 }, (__, k) => [`westword${k}`, planted ? (west ? 0.3 : 0.05) : 0.15] as const),
      ...Array.from({ length: 6 }, (__, k) => [`northword${k}`, planted ? (north ? 0.3 : 0.05) : 0.15] as const),
      ...Array.from({ length: 8 }, (__, k) => [`anyword${k}`, 0.15] as const),
    ].flatMap(([word, share]) => (random.next() < share ? [word] : []))
    const drinks = random.next() < (west ? 0.8 : 0.2) ? 'soda' : 'pop'
    const food = random.next() < (north ? 0.8 : 0.2) ? 'hoagie' : 'grinder'
    const talk = random.next() < (west ? 0.7 : 0.3) ? 'yall' : 'youse'
    return { text: [...words, drinks, food, talk].join(' '), author: `a${i}`, lat, lon }
  })
  const corpus = corpusOf(documents)
  const tokens = await tokensOf(corpus)
  return { corpus, tokens, areas: null, project: null as never, variable: null, variables: [null, null, null] }
}
async function ask(asked: AskedCorpus, input: Omit<Extract<QuestionInput, { kind: 'patterns' }>, 'kind'>) {
  const { corpus: _, ...question } = questionSchema.parse({ kind: 'patterns', cells: 40, ...input }) as never as {
    corpus?: string
  } & Parameters<typeof patterns.answer>[0]
  return patterns.answer(question, asked, quietContext)
}
/** Loadings of the maps whose names begin so on a factor. */
const loadingsOf = ({ maps }: PatternsAnswer, begins: string, factor: number) =>
  maps.filter(({ name }) => name.startsWith(begins)).map(({ loadings }) => loadings[factor]!)

it('finds two planted patterns among regional words, their words and their regions', async () => {
  const answer = await ask(await plantedCorpus(true), {})
  const { suggested, factors, maps, cells, regions, territories, reason } = answer
  expect([suggested, factors.length, reason]).toEqual([2, 2, null])
  expect(maps.filter(({ name }) => name.startsWith('anyword')).length).toBeLessThanOrEqual(2)
  const [ofWest, ofNorth] = [0, 1].sort((a, b) => Math.abs(loadingsOf(answer, 'westword', b)[0]!) - Math.abs(loadingsOf(answer, 'westword', a)[0]!)) as [number, number] // prettier-ignore
  for (const [begins, own, other, count] of [['westword', ofWest, ofNorth, 8], ['northword', ofNorth, ofWest, 6]] as const) {
    const [strong, weak] = [loadingsOf(answer, begins, own), loadingsOf(answer, begins, other)]
    expect(strong).toHaveLength(count)
    expect(Math.min(...strong.map(Math.abs))).toBeGreaterThan(0.85)
    expect(Math.max(...weak.map(Math.abs))).toBeLessThan(0.45)
  } // prettier-ignore
  // High scores of the western factor lie in the west: soda and yall are western words, so that its sign is theirs.
  const west = Math.sign(loadingsOf(answer, 'westword', ofWest)[0]!)
  const right = cells.features.filter(({ geometry: { coordinates }, properties: { scores } }) => west * scores[ofWest]! > 0 === coordinates[0]! < 9.5) // prettier-ignore
  expect(right.length / cells.features.length).toBeGreaterThan(0.93)
  expect(regions).toHaveLength(3)
  expect(regions.reduce((sum, { informants }) => sum + informants, 0)).toBe(1500)
  expect(territories.features.every(({ geometry }) => geometry.coordinates.length > 0)).toBe(true)
}, 120_000)

it('finds them among variables, too', async () => {
  const questions = [{ variants: ['soda', 'pop'] }, { variants: ['hoagie', 'grinder'] }, { variants: ['yall', 'youse'] }] // prettier-ignore
  const answer = await ask(await plantedCorpus(true), { questions, factors: 2, regions: 4 })
  expect(answer.maps.map(({ name }) => name)).toEqual(['soda | pop', 'hoagie | grinder', 'yall | youse'])
  const [soda, hoagie, yall] = answer.maps.map(({ loadings }) => loadings.map(Math.abs))
  expect(soda!.indexOf(Math.max(...soda!))).toBe(yall!.indexOf(Math.max(...yall!)))
  expect(soda!.indexOf(Math.max(...soda!))).not.toBe(hoagie!.indexOf(Math.max(...hoagie!)))
  expect(Math.min(Math.max(...soda!), Math.max(...hoagie!), Math.max(...yall!))).toBeGreaterThan(0.9)
  // Quarters: each has about a quarter of the people.
  for (const { informants } of answer.regions) expect(informants).toBeGreaterThan(200)
}, 60_000)

it('says so where words have nothing in common, and where there are too few', async () => {
  const asked = await plantedCorpus(false)
  const questions = Array.from({ length: 8 }, (_, k) => ({ variants: [`anyword${k}`, `filler${k % 4}`] }))
  asked.variables = questions.map(() => null)
  const none = await ask(asked, { questions })
  expect(none).toMatchObject({ suggested: 0, factors: [], regions: [] })
  expect(none.reason).toContain('dealt anew')
  await expect(ask(asked, { minInformants: 1450 })).rejects.toMatchObject({ code: 'explorer/few-maps' })
}, 120_000)
