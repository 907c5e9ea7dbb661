import { quietContext } from '#engine/context.ts'
import { testUnits, type RankedCorpus } from '#engine/explorer/ranking/testUnits.ts'
import { seededRandom, type Random } from '#engine/random.ts'
import { falseDiscoveries } from '#engine/regions/areas/falseDiscoveries.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import type { Figures, Size } from '../check.ts'
import { drawInformants, usersFrom } from './drawnWords.ts'

const informants = 2000
const words = 600
const plantedCount = 60

/**
 * Words of which some have a home that holds 2 to 20 % of the informants, with users there beyond expectation by ten standard
 * deviations and more: how many are found at q <= .1, and how many are listed that have none?
 */
export async function plantedWords(size: Size, say: (line: string) => void): Promise<Figures> {
  const corpora = size === 'small' ? 2 : 20
  let [strong, strongFound, weak, weakFound, falseShares] = [0, 0, 0, 0, 0]
  for (let number = 0; number < corpora; number++) {
    const random = seededRandom(number, 501)
    const { corpus, lengths } = drawInformants(random, informants)
    const lists: Int32Array[] = []
    const excess: number[] = []
    for (let word = 0; word < words; word++) {
      const drawn = drawWord(random, corpus, lengths, word < plantedCount)
      lists.push(drawn.users)
      excess.push(drawn.excess)
    }
    const { p } = await testUnits(corpus, usersFrom(lists, lengths), number, quietContext)
    const q = falseDiscoveries(p)
    let [listed, listedInError] = [0, 0]
    q.forEach((value, word) => {
      const isListed = value <= 0.1
      const isPlanted = word < plantedCount
      if (isListed) listed++
      if (isListed && !isPlanted) listedInError++
      if (!isPlanted) return
      if (excess[word]! >= 10) {
        strong++
        strongFound += Number(isListed)
      } else if (excess[word]! >= 5 && excess[word]! < 7) {
        weak++
        weakFound += Number(isListed)
      }
    })
    falseShares += listed > 0 ? listedInError / listed : 0
    if (number % 5 === 4) say(`${number + 1} of ${corpora}`)
  }
  return {
    corpora,
    'planted beyond 10 standard deviations': strong,
    'found of them, at least .95': strongFound / strong,
    'planted at 5 to 7': weak,
    'found at 5 to 7': weak > 0 ? weakFound / weak : null,
    'listed and not planted, at most .11': falseShares / corpora,
  }
}

/** Users of a word: who writes more uses it sooner; at home it has an odds of its own. */
function drawWord(random: Random, { sites, siteOf }: RankedCorpus, lengths: Float64Array, isPlanted: boolean) {
  const level = -4.6 + 1.6 * random.next()
  const logit = (i: number) => level + 0.8 * (Math.log(lengths[i]!) - 5)
  const share = 0.02 + 0.18 * random.next()
  const middle = siteOf[random.below(siteOf.length)]!
  const distanceKm = (i: number) =>
    haversineKm(sites.lat[middle]!, sites.lon[middle]!, sites.lat[siteOf[i]!]!, sites.lon[siteOf[i]!]!)
  const order = Array.from(siteOf.keys()).sort((a, b) => distanceKm(a) - distanceKm(b) || a - b)
  const home = isPlanted ? new Set(order.slice(0, Math.round(share * siteOf.length))) : new Set<number>()
  let expected = 0
  for (const i of home) expected += logistic(logit(i))
  // As many more users at home as 5 to 15 standard deviations of what would be there.
  const wanted = Math.min(0.95, (expected + (5 + 10 * random.next()) * Math.sqrt(expected)) / home.size)
  const users: number[] = []
  let there = 0
  for (let i = 0; i < siteOf.length; i++) {
    const p = home.has(i) ? Math.max(wanted, logistic(logit(i))) : logistic(logit(i))
    if (random.next() >= p) continue
    users.push(i)
    if (home.has(i)) there++
  }
  return { users: Int32Array.from(users), excess: home.size > 0 ? (there - expected) / Math.sqrt(expected) : 0 }
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x))
