import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import { falseDiscoveries } from '#engine/regions/areas/falseDiscoveries.ts'
import { drawSigns, signedSums } from '#engine/regions/signedSums.ts'
import { cellsOfSites, mergeSites } from '#engine/regions/siteCells.ts'
import { testBandwidthsKm } from '#engine/regions/testBandwidths.ts'
import { homeCells, homeOf, type Home } from './homeCells.ts'
import { lengthBins, useByLength } from './lengthModel.ts'
import type { Population } from './nullDistribution.ts'
import { nullGrid } from './nullGrid.ts'
import { lengthsByBandwidth, placeFeatures } from './placeFeatures.ts'
import type { UnitUsers } from './unitUsers.ts'

/** Informants and where they are. */
export interface RankedCorpus {
  sites: Points
  /** Of each informant. */
  siteOf: Int32Array
  /** Whether lengths of texts are no property of informants: everybody answers the same questions. */
  isSurvey: boolean
}

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
/** Sizes are told at one bandwidth, so that they can be compared: a quarter of the median distance. */
const sizeLook = 1

/**
 * Which units (words, endings) are regional: a kernel two-sample statistic of users against what the lengths of texts let
 * expect, p by the distribution of the least p over bandwidths, q over all units (Benjamini and Hochberg 1995). q lets in, and
 * the order is that of the effect's lower bound.
 */
export async function rankUnits(
  { sites, siteOf, isSurvey }: RankedCorpus,
  { names, starts, informants, lengths }: UnitUsers,
  { maxQ, top, seed }: RankOptions,
  context: StageContext,
): Promise<{ tested: number; units: RankedUnit[] }> {
  const counted = isSurvey ? lengths.map((length) => Math.min(1, length)) : lengths
  const atSite = new Float64Array(sites.lat.length)
  counted.forEach((length, informant) => (atSite[siteOf[informant]!]! += length > 0 ? 1 : 0))
  const cellOfSite = cellsOfSites({ ...sites, informants: atSite })
  const cells = mergeSites({ ...sites, informants: atSite, users: [] }, cellOfSite)
  const vectors = unitVectors(cells)
  const features = placeFeatures(vectors, testBandwidthsKm(vectors, cells.informants))
  const bins = lengthBins(counted)
  const population: Population = {
    cellOf: siteOf.map((site) => cellOfSite[site]!),
    bins,
    features,
    members: bins.counts.length > 0 ? membersOf(bins.binOf, bins.counts.length) : [],
  }
  const users = (unit: number) => informants.subarray(starts[unit], starts[unit + 1])
  const words = names.map((_, unit) => {
    let sum = 0
    for (const informant of users(unit)) sum += bins.logLength[bins.binOf[informant]!]!
    return { n: users(unit).length, meanLogLength: sum / users(unit).length }
  })
  if (words.length === 0) return { tested: 0, units: [] }
  const everybody = bins.counts.reduce((sum, count) => sum + count, 0)
  const grid = await nullGrid(
    population,
    words.filter(({ n }) => n < everybody),
    seed,
    context,
  )
  const byGroup = featureSums(population)
  const { width, rows } = features
  const p = new Float64Array(words.length).fill(1)
  const [size, sizeAtLeast] = [new Float64Array(words.length), new Float64Array(words.length)]
  const [first, last] = [features.ends[sizeLook - 1]!, features.ends[sizeLook]!]
  for (const [unit, word] of words.entries()) {
    if (unit % 50 === 0) {
      context.report({ done: unit, total: words.length, unit: 'words', title: 'Rank the words' })
      await pause(context)
    }
    // What everybody uses tells nothing.
    if (word.n >= everybody) continue
    const sum = residualSum(population, byGroup, users(unit), word)
    const statistics = lengthsByBandwidth(features, sum)
    p[unit] = grid.pOf(word, statistics)
    size[unit] = (statistics[sizeLook]! - grid.expectedOf(word)[sizeLook]!) / word.n ** 2
    let [mean, square] = [0, 0]
    for (const informant of users(unit)) {
      let product = 0
      for (let k = first, at = population.cellOf[informant]! * width; k < last; k++) product += rows[at + k]! * sum[k]!
      mean += product / word.n
      square += product ** 2 / word.n
    }
    const deviation = Math.sqrt(Math.max(0, square - mean ** 2)) / word.n
    sizeAtLeast[unit] = size[unit]! - (1.645 * 2 * deviation) / Math.sqrt(word.n)
  }
  const q = falseDiscoveries(p)
  const passing = Int32Array.from(names.keys())
    .filter((unit) => q[unit]! <= maxQ)
    .sort((a, b) => sizeAtLeast[b]! - sizeAtLeast[a]! || a - b)
  const listed = top > 0 ? passing.subarray(0, top) : passing
  const homes = homeCells(sites, atSite)
  const signs = drawSigns(cells.lat.length, flips, seededRandom(seed, 43))
  const units: RankedUnit[] = []
  for (const unit of listed) {
    context.report({ done: units.length, total: listed.length, unit: 'words', title: 'Test the listed ones by site' })
    const atSites = new Map<number, number>()
    const inCells = new Float64Array(homes.informants.length)
    for (const informant of users(unit)) {
      const site = siteOf[informant]!
      atSites.set(site, (atSites.get(site) ?? 0) + 1)
      inCells[homes.cellOf[site]!]!++
    }
    const { n } = words[unit]!
    units.push({
      name: names[unit]!,
      informants: n,
      sites: atSites.size,
      size: size[unit]!,
      sizeAtLeast: sizeAtLeast[unit]!,
      p: p[unit]!,
      q: q[unit]!,
      pSites: atSites.size < 5 ? null : await pBySites(population, users(unit), words[unit]!, signs, context),
      fewSites: atSites.size < 5 || Math.max(...atSites.values()) * 2 >= n,
      home: homeOf(homes, inCells),
    })
  }
  return { tested: names.length, units }
}

function membersOf(binOf: Int32Array, count: number): Int32Array[] {
  const lists: number[][] = Array.from({ length: count }, () => [])
  binOf.forEach((bin, informant) => {
    if (bin >= 0) lists[bin]!.push(informant)
  })
  return lists.map((list) => Int32Array.from(list))
}

/** Sums of features over each group of length: groups x width. */
function featureSums({ cellOf, features: { width, rows }, members }: Population): Float64Array {
  const sums = new Float64Array(members.length * width)
  members.forEach((informants, bin) => {
    for (const informant of informants)
      for (let k = 0, at = cellOf[informant]! * width; k < width; k++) sums[bin * width + k]! += rows[at + k]!
  })
  return sums
}

/** Features of the users less those that lengths let expect. */
function residualSum(
  { cellOf, bins, features: { width, rows } }: Population,
  byGroup: Float64Array,
  users: Int32Array,
  { n, meanLogLength }: { n: number; meanLogLength: number },
): Float64Array {
  const sum = new Float64Array(width)
  for (const informant of users)
    for (let k = 0, at = cellOf[informant]! * width; k < width; k++) sum[k]! += rows[at + k]!
  useByLength(bins, n, n * meanLogLength).forEach((p, bin) => {
    for (let k = 0, at = bin * width; k < width; k++) sum[k]! -= p * byGroup[at + k]!
  })
  return sum
}

/**
 * Whether neighbouring cells are alike beyond what each of them says: signs of the cells' residuals are flipped, and the least p
 * over the bandwidths is ranked among those of the flips. One family, account or thread is no region.
 */
async function pBySites(
  { cellOf, bins, features, members }: Population,
  users: Int32Array,
  { n, meanLogLength }: { n: number; meanLogLength: number },
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
