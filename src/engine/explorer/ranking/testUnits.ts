import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { pause } from '#engine/pause.ts'
import { cellsOfSites, mergeSites } from '#engine/regions/siteCells.ts'
import { testBandwidthsKm } from '#engine/regions/testBandwidths.ts'
import { expectedStatistics } from './expectedStatistics.ts'
import { lengthBins, useByLength } from './lengthModel.ts'
import type { Population } from './nullDistribution.ts'
import { nullGrid, type WordSize } from './nullGrid.ts'
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

/** Every unit by its number: what the test of geography says of it. */
export interface TestedUnits {
  population: Population
  /** Informants who count, by site. */
  atSite: Float64Array
  words: WordSize[]
  p: Float64Array
  /** (T - E0 T) / n^2 at one bandwidth. */
  size: Float64Array
  /** The lower 95 % bound of the size. */
  sizeAtLeast: Float64Array
}

/** Sizes are told at one bandwidth, so that they can be compared: a quarter of the median distance. */
const sizeLook = 1

/**
 * Tests every unit for geography: T by bandwidth of its users against what the lengths of texts let expect, p by the
 * distribution of the least p over bandwidths.
 */
export async function testUnits(
  corpus: RankedCorpus,
  used: UnitUsers,
  seed: number,
  context: StageContext,
): Promise<TestedUnits> {
  const { population, atSite } = populationOf(corpus, used.lengths)
  const { bins, features } = population
  const words = used.names.map((_, unit) => wordSize(population, usersOf(used, unit)))
  const everybody = bins.counts.reduce((sum, count) => sum + count, 0)
  const byGroup = featureSums(population)
  const p = new Float64Array(words.length).fill(1)
  const [size, sizeAtLeast] = [new Float64Array(words.length), new Float64Array(words.length)]
  const tested = { population, atSite, words, p, size, sizeAtLeast }
  // What everybody uses tells nothing.
  const telling = words.filter(({ n }) => n < everybody)
  if (telling.length === 0) return tested
  const grid = await nullGrid(population, telling, seed, context)
  const expectedOf = expectedStatistics(population, byGroup)
  for (const [unit, word] of words.entries()) {
    if (unit % 50 === 0) {
      context.report({ done: unit, total: words.length, unit: 'words', title: 'Rank the words' })
      await pause(context)
    }
    if (word.n >= everybody) continue
    const atCell = usersByCell(population, usersOf(used, unit))
    const sum = residualSum(population, byGroup, atCell, word)
    const statistics = lengthsByBandwidth(features, sum)
    const expected = expectedOf(word)
    p[unit] = grid.pOf(word, expected, statistics)
    size[unit] = (statistics[sizeLook]! - expected[sizeLook]!) / word.n ** 2
    sizeAtLeast[unit] = size[unit]! - 1.645 * standardError(population, atCell, word.n, sum)
  }
  return tested
}

/** Informants who use a unit, ascending. */
export const usersOf = ({ starts, informants }: UnitUsers, unit: number): Int32Array =>
  informants.subarray(starts[unit], starts[unit + 1])

function populationOf(
  { sites, siteOf, isSurvey }: RankedCorpus,
  lengths: Float64Array,
): { population: Population; atSite: Float64Array } {
  const counted = isSurvey ? lengths.map((length) => Math.min(1, length)) : lengths
  const atSite = new Float64Array(sites.lat.length)
  counted.forEach((length, informant) => (atSite[siteOf[informant]!]! += length > 0 ? 1 : 0))
  const cellOfSite = cellsOfSites({ ...sites, informants: atSite })
  const cells = mergeSites({ ...sites, informants: atSite, users: [] }, cellOfSite)
  const vectors = unitVectors(cells)
  const bins = lengthBins(counted)
  const population = {
    cellOf: siteOf.map((site) => cellOfSite[site]!),
    bins,
    features: placeFeatures(vectors, testBandwidthsKm(vectors, cells.informants)),
    members: bins.counts.length > 0 ? membersOf(bins.binOf, bins.counts.length) : [],
  }
  return { population, atSite }
}

function wordSize({ bins }: Population, users: Int32Array): WordSize {
  let sum = 0
  for (const informant of users) sum += bins.logLength[bins.binOf[informant]!]!
  return { n: users.length, meanLogLength: sum / users.length }
}

/** How many users each cell has: of those of one cell all features are the same. */
function usersByCell({ cellOf, features: { rows, width } }: Population, users: Int32Array): Int32Array {
  const atCell = new Int32Array(rows.length / width)
  for (const informant of users) atCell[cellOf[informant]!]!++
  return atCell
}

/** Of a size: twice the standard deviation over the users of what each adds to the statistic, by sqrt n. */
function standardError(
  { features: { ends, rows, width } }: Population,
  atCell: Int32Array,
  n: number,
  sum: Float64Array,
): number {
  const [first, last] = [ends[sizeLook - 1]!, ends[sizeLook]!]
  let [mean, square] = [0, 0]
  for (let cell = 0; cell < atCell.length; cell++) {
    const users = atCell[cell]!
    if (users === 0) continue
    let product = 0
    for (let k = first, at = cell * width; k < last; k++) product += rows[at + k]! * sum[k]!
    mean += (users * product) / n
    square += (users * product ** 2) / n
  }
  const deviation = Math.sqrt(Math.max(0, square - mean ** 2)) / n
  return (2 * deviation) / Math.sqrt(n)
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
  { bins, features: { width, rows } }: Population,
  byGroup: Float64Array,
  atCell: Int32Array,
  { n, meanLogLength }: { n: number; meanLogLength: number },
): Float64Array {
  const sum = new Float64Array(width)
  for (let cell = 0; cell < atCell.length; cell++) {
    const users = atCell[cell]!
    if (users === 0) continue
    for (let k = 0, at = cell * width; k < width; k++) sum[k]! += users * rows[at + k]!
  }
  const p = useByLength(bins, n, n * meanLogLength)
  for (let bin = 0; bin < p.length; bin++)
    for (let k = 0, at = bin * width; k < width; k++) sum[k]! -= p[bin]! * byGroup[at + k]!
  return sum
}
