import type { StageContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { falseDiscoveries } from '#engine/regions/areas/falseDiscoveries.ts'
import { drawSigns, signedSums } from '#engine/regions/signedSums.ts'
import { homeCells, homeOf, type Home } from './homeCells.ts'
import { useByLength } from './lengthModel.ts'
import type { Population } from './nullDistribution.ts'
import type { WordSize } from './nullGrid.ts'
import { lengthsByBandwidth } from './placeFeatures.ts'
import { testUnits, usersOf, type RankedCorpus } from './testUnits.ts'
import type { UnitUsers } from './unitUsers.ts'

export interface RankOptions {
  maxQ: number
  /** How many are listed; 0 for all. */
  top: number
  seed: number
}

export interface RankedUnit {
  name: string
  informants: number
  sites: number
  size: number
  sizeAtLeast: number
  p: number
  q: number
  /** Null below five sites. */
  pSites: number | null
  fewSites: boolean
  home: Home
}

const flips = 999

/**
 * Which units (words, endings) are regional: a kernel two-sample statistic of users against what the lengths of texts let
 * expect, p by the distribution of the least p over bandwidths, q over all units (Benjamini and Hochberg 1995). q lets in, and
 * the order is that of the effect's lower bound.
 */
export async function rankUnits(
  corpus: RankedCorpus,
  used: UnitUsers,
  { maxQ, top, seed }: RankOptions,
  context: StageContext,
): Promise<{ tested: number; units: RankedUnit[] }> {
  const { names } = used
  if (names.length === 0) return { tested: 0, units: [] }
  const { population, atSite, words, p, size, sizeAtLeast } = await testUnits(corpus, used, seed, context)
  const q = falseDiscoveries(p)
  const passing = Int32Array.from(names.keys())
    .filter((unit) => q[unit]! <= maxQ)
    .sort((a, b) => sizeAtLeast[b]! - sizeAtLeast[a]! || a - b)
  const listed = top > 0 ? passing.subarray(0, top) : passing
  const homes = homeCells(corpus.sites, atSite)
  const cells = population.features.rows.length / population.features.width
  const signs = drawSigns(cells, flips, seededRandom(seed, 43))
  const units: RankedUnit[] = []
  for (const unit of listed) {
    context.report({ done: units.length, total: listed.length, unit: 'words', title: 'Test the listed ones by site' })
    const users = usersOf(used, unit)
    const atSites = new Map<number, number>()
    const inCells = new Float64Array(homes.informants.length)
    for (const informant of users) {
      const site = corpus.siteOf[informant]!
      atSites.set(site, (atSites.get(site) ?? 0) + 1)
      inCells[homes.cellOf[site]!]!++
    }
    const few = atSites.size < 5
    let mostAtOne = 0
    for (const count of atSites.values()) mostAtOne = Math.max(mostAtOne, count)
    units.push({
      name: names[unit]!,
      informants: users.length,
      sites: atSites.size,
      size: size[unit]!,
      sizeAtLeast: sizeAtLeast[unit]!,
      p: p[unit]!,
      q: q[unit]!,
      pSites: few ? null : await pBySites(population, users, words[unit]!, signs, context),
      fewSites: few || mostAtOne * 2 >= users.length,
      home: homeOf(homes, inCells),
    })
  }
  return { tested: names.length, units }
}

/**
 * Whether neighbouring cells are alike beyond what each of them says: signs of the cells' residuals are flipped, and the least p
 * over the bandwidths is ranked among those of the flips. One family, account or thread is no region.
 */
async function pBySites(
  { cellOf, bins, features, members }: Population,
  users: Int32Array,
  { n, meanLogLength }: WordSize,
  signs: ReturnType<typeof drawSigns>,
  context: StageContext,
): Promise<number> {
  const { width, rows, ends } = features
  const cells = rows.length / width
  const residuals = new Float64Array(cells)
  const p = useByLength(bins, n, n * meanLogLength)
  members.forEach((informants, bin) => {
    for (const informant of informants) residuals[cellOf[informant]!]! -= p[bin]!
  })
  for (const informant of users) residuals[cellOf[informant]!]!++
  const columns = new Float64Array(cells * width)
  const own = ends.map(() => 0)
  for (let cell = 0; cell < cells; cell++)
    for (let k = 0, h = 0; k < width; k++) {
      if (k === ends[h]) h++
      const value = residuals[cell]! * rows[cell * width + k]!
      columns[cell * width + k] = value
      own[h]! += value * value
    }
  const sums = await signedSums(columns, width, signs, context)
  const observed = new Float64Array(width)
  for (let at = 0; at < columns.length; at++) observed[at % width]! += columns[at]!
  const statistics = lengthsByBandwidth(features, observed).map((value, h) => value - own[h]!)
  const flipped = Array.from({ length: signs.draws }, (_, draw) =>
    lengthsByBandwidth(features, sums.subarray(draw * width, (draw + 1) * width)).map((value, h) => value - own[h]!),
  )
  const sorted = ends.map((_, h) => Float64Array.from([statistics[h]!, ...flipped.map((draw) => draw[h]!)]).sort())
  const leastRank = (draw: Float64Array) =>
    draw.reduce((least, value, h) => Math.min(least, countFrom(sorted[h]!, value)), Infinity)
  const ofData = leastRank(statistics)
  const asSmall = flipped.reduce((count, draw) => count + (leastRank(draw) <= ofData ? 1 : 0), 0)
  return (1 + asSmall) / (1 + signs.draws)
}

/** How many of ascending values are at least as great. */
function countFrom(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return sorted.length - low
}
