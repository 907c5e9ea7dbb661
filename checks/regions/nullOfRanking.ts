import { quietContext } from '#engine/context.ts'
import { testUnits, usersOf, type RankedCorpus } from '#engine/explorer/ranking/testUnits.ts'
import type { UnitUsers } from '#engine/explorer/ranking/unitUsers.ts'
import { seededRandom } from '#engine/random.ts'
import { falseDiscoveries } from '#engine/regions/areas/falseDiscoveries.ts'
import type { Figures, Size } from '../check.ts'
import { drawInformants, usersFrom } from './drawnWords.ts'
import { geoTextWords } from './geoTextWords.ts'

/** Fresh words of n users each that have nothing to do with place: how often is p below one in ten thousand? */
export async function nullOfRanking(size: Size): Promise<Figures> {
  const draws = size === 'small' ? 20_000 : 200_000
  const figures: Figures = { draws }
  for (const n of [20, 50, 200]) {
    const random = seededRandom(n, 601)
    const { corpus, lengths } = drawInformants(random, 2000)
    const lists = Array.from({ length: draws }, () => {
      const users = new Set<number>()
      while (users.size < n) users.add(random.below(lengths.length))
      return Int32Array.from(users).sort()
    })
    // Users at random do not go by length: everybody's is the same here, as in a survey.
    const { p } = await testUnits({ ...corpus, isSurvey: true }, usersFrom(lists, lengths), n, quietContext)
    const under = (level: number) => p.reduce((count, value) => count + (value < level ? 1 : 0), 0) / draws
    figures[`p < 1e-4 at n = ${n}, .5e-4 to 2e-4`] = under(1e-4)
    figures[`p < .01 at n = ${n}`] = under(0.01)
  }
  return figures
}

/** Real words, their informants' places shuffled: shares of p, averaged over shuffles. */
export async function shuffledPlaces(size: Size, say: (line: string) => void): Promise<Figures> {
  const words = await geoTextWords()
  if (words === null) return { skipped: 'GeoText is not beside the project' }
  const shuffles = size === 'small' ? 1 : 40
  const used = size === 'small' ? everyNth(words.used, 8) : words.used
  let [at01, at05] = [0, 0]
  for (let number = 0; number < shuffles; number++) {
    const siteOf = words.corpus.siteOf.slice()
    const random = seededRandom(number, 701)
    const order = [...siteOf]
    random.shuffle(order)
    const shuffled = { ...words.corpus, siteOf: Int32Array.from(order) }
    const { p } = await testUnits(shuffled, used, number, quietContext)
    at01 += under(p, 0.01) / shuffles
    at05 += under(p, 0.05) / shuffles
    if (number % 20 === 19) say(`${number + 1} of ${shuffles}`)
  }
  return { shuffles, words: used.names.length, 'p < .01, .008 to .012': at01, 'p < .05, .045 to .055': at05 }
}

/** Real words, places dealt again so that only length goes with place, r = .35. */
export async function ofLengthAlone(size: Size): Promise<Figures> {
  const words = await geoTextWords()
  if (words === null) return { skipped: 'GeoText is not beside the project' }
  const deals = size === 'small' ? 1 : 10
  const used = size === 'small' ? everyNth(words.used, 8) : words.used
  let [at01, listed] = [0, 0]
  for (let number = 0; number < deals; number++) {
    const { p } = await testUnits(dealByLength(words.corpus, used.lengths, number), used, number, quietContext)
    at01 += under(p, 0.01) / deals
    const q = falseDiscoveries(p)
    listed += q.reduce((count, value) => count + (value <= 0.1 ? 1 : 0), 0) / q.length / deals
  }
  return { deals, words: used.names.length, 'p < .01, at most .015': at01, 'listed, at most .01': listed }
}

const under = (p: Float64Array, level: number) =>
  p.reduce((count, value) => count + (value < level ? 1 : 0), 0) / p.length

function everyNth(used: UnitUsers, n: number): UnitUsers {
  const units = [...used.names.keys()].filter((unit) => unit % n === 0)
  const lists = units.map((unit) => usersOf(used, unit))
  return usersFrom(lists, used.lengths)
}

/** The places in the order of their longitude to informants in an order that goes with log length. */
function dealByLength(corpus: RankedCorpus, lengths: Float64Array, seed: number): RankedCorpus {
  const random = seededRandom(seed, 801)
  const logs = lengths.map((length) => Math.log(Math.max(1, length)))
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length
  const sd = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length)
  const correlation = 0.35
  const latent = logs.map(
    (value) => (correlation * (value - mean)) / sd + Math.sqrt(1 - correlation ** 2) * random.normal(),
  )
  const people = Array.from(latent.keys()).sort((a, b) => latent[a]! - latent[b]! || a - b)
  const places = Array.from(corpus.siteOf).sort((a, b) => corpus.sites.lon[a]! - corpus.sites.lon[b]! || a - b)
  const siteOf = new Int32Array(people.length)
  people.forEach((person, rank) => (siteOf[person] = places[rank]!))
  return { ...corpus, siteOf }
}
