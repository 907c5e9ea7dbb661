import type { StageContext } from '#engine/context.ts'
import { placeKey } from '#pure/placeKey.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { seededRandom } from '#engine/random.ts'
import { chooseBandwidth, type BandwidthChoice } from './bandwidth.ts'
import { chordSquared } from './chords.ts'
import { equalAreaGrid, type EqualAreaGrid } from './equalAreaGrid.ts'
import { kernelSums } from './kernelSums.ts'
import { leastInformants } from './kernelSurface.ts'
import { drawSigns, signedSums } from './signedSums.ts'
import { cellsOfSites, mergeSites } from './siteCells.ts'
import type { SiteCounts, VariantCounts } from './sites.ts'
import { studentQuantile } from './studentQuantile.ts'
import { earthRadiusKm } from '#pure/greatCircle.ts'

/** Fewer sites' worth of evidence on the poorer side, and no interval is worth its name. */
export const leastEffectiveSites = 4
/** Nodes at which the greatest difference is looked for under flips: many times closer than a kernel is wide. */
const mostLooks = 400

export interface ShareDifference {
  grid: EqualAreaGrid
  bandwidth: BandwidthChoice
  /** By node, the first group's share less the second's; NaN where either is not known. */
  difference: Float64Array
  /** Half the width of the pointwise interval by node; Infinity where too few sites speak. */
  halfWidth: Float64Array
  /** 1 where the interval leaves out zero. */
  pointwise: Uint8Array
  /** 1 where the whole map's band leaves out zero as well. */
  simultaneous: Uint8Array
  /** That the groups differ nowhere; null where both are known nowhere. */
  p: number | null
}

export interface DifferenceOptions {
  /** Along the longer side. */
  cells: number
  isLand: ((lat: number, lon: number) => boolean) | null
  /** Chosen by leave-one-site-out for both groups together where it is null. */
  bandwidthKm: number | null
  /** What is counted are informants, of whom some use the variant; otherwise occurrences among words. */
  ofShares: boolean
  /** Of the intervals. */
  level: number
  flips: number
  seed: number
}

/**
 * The difference of two groups' kernel-smoothed shares d(x) = pA(x) - pB(x), with one kernel for both, so that what is smoothed
 * alike cancels. Sites are the units of all that is said of its error, as everywhere on these maps.
 *
 * Interval: the error of d is that of the sum over sites of K (yA - mA pA) / WA - K (yB - mB pB) / WB with W = sum K m
 * (the linearised, cluster-robust variance), against Student's t with one degree less than the sites' worth of evidence of the
 * poorer group. That they differ nowhere: with the share p of both together in the place of pA and pB the same sum is d itself,
 * and where the groups are alike a site's part is as likely to have the other sign. The greatest |d| over its error is ranked
 * among those of flips of the sites' signs, whose quantile is also the width of the band of the whole map.
 * @param groups counts of the variant that is mapped, each group's by its own sites
 */
export async function shareDifference(
  groups: readonly [SiteCounts, SiteCounts],
  { cells, isLand, bandwidthKm, ofShares, level, flips, seed }: DifferenceOptions,
  context: StageContext,
): Promise<ShareDifference> {
  const sites = unionOf(groups)
  const merged = mergeSites(sites, cellsOfSites(sites))
  const [mA, yA, mB, yB] = merged.users as [Float64Array, Float64Array, Float64Array, Float64Array]
  const vectors = unitVectors(merged)
  const both = yA.map((users, i) => users + yB[i]!)
  const others = both.map((users, i) => Math.max(0, merged.informants[i]! - users))
  const bandwidth =
    bandwidthKm === null
      ? await chooseBandwidth(vectors, merged.informants, [both, others], context)
      : { bandwidthKm, curve: [] }
  const h = bandwidth.bandwidthKm
  const grid = equalAreaGrid(sites, { cells, isLand })
  const targets = { vectors: grid.vectors, wanted: grid.shown }
  const counts = [mA, yA, mB, yB]
  const pairs = counts.flatMap((one, i) => counts.slice(i).map((other) => one.map((value, s) => value * other[s]!)))
  const { sums, squaredSums } = await kernelSums(
    { vectors, informants: merged.informants, values: counts, squaredValues: [...pairs, mA, mB] },
    targets,
    h,
    context,
  )
  const [weightA, usersA, weightB, usersB] = sums as [Float64Array, Float64Array, Float64Array, Float64Array]
  const [squaresA, squaresB] = squaredSums.slice(pairs.length) as [Float64Array, Float64Array]
  const product = (i: number, j: number, node: number) =>
    squaredSums[i <= j ? 4 * i - (i * (i - 1)) / 2 + (j - i) : 4 * j - (j * (j - 1)) / 2 + (i - j)]![node]!
  /** Sum over sites of (K times these multiples of mA, yA, mB, yB)². */
  const squares = (node: number, multiples: readonly number[]) => {
    let sum = 0
    for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) sum += multiples[i]! * multiples[j]! * product(i, j, node)
    return Math.max(0, sum)
  }

  const nodes = grid.shown.length
  const difference = new Float64Array(nodes).fill(NaN)
  const halfWidth = new Float64Array(nodes).fill(Infinity)
  const pointwise = new Uint8Array(nodes)
  const simultaneous = new Uint8Array(nodes)
  /** |d| over its error where both groups are alike. */
  const score = new Float64Array(nodes)
  /** Nodes with an interval. */
  const looks: number[] = []
  for (let node = 0; node < nodes; node++) {
    const [wA, wB] = [weightA[node]!, weightB[node]!]
    if (!(wA ** 2 >= leastInformants * squaresA[node]! && wB ** 2 >= leastInformants * squaresB[node]!)) continue
    if (wA === 0 || wB === 0) continue
    const [pA, pB] = [usersA[node]! / wA, usersB[node]! / wB]
    difference[node] = pA - pB
    const worth = Math.min(wA ** 2 / product(0, 0, node), wB ** 2 / product(2, 2, node))
    if (worth < leastEffectiveSites) continue
    const found = squares(node, [-pA / wA, 1 / wA, pB / wB, -1 / wB])
    const variance = ofShares
      ? Math.max(found, leastVariance(wA ** 2 / squaresA[node]!) + leastVariance(wB ** 2 / squaresB[node]!))
      : found
    halfWidth[node] = studentQuantile(1 - (1 - level) / 2, worth - 1) * Math.sqrt((variance * worth) / (worth - 1))
    looks.push(node)
    if (Math.abs(pA - pB) > halfWidth[node]!) pointwise[node] = 1
    const p = (usersA[node]! + usersB[node]!) / (wA + wB)
    const alike = squares(node, [-p / wA, 1 / wA, p / wB, -1 / wB])
    score[node] = alike > 0 ? Math.abs(pA - pB) / Math.sqrt(alike) : 0
  }

  if (looks.length === 0) return { grid, bandwidth, difference, halfWidth, pointwise, simultaneous, p: null }
  const step = Math.max(1, looks.length / mostLooks)
  const chosen = Array.from({ length: Math.floor(looks.length / step) }, (_, k) => looks[Math.floor(k * step)]!)
  const columns = new Float64Array(merged.lat.length * chosen.length)
  const factor = -(earthRadiusKm ** 2) / (2 * h ** 2)
  chosen.forEach((node, k) => {
    const [wA, wB] = [weightA[node]!, weightB[node]!]
    const p = (usersA[node]! + usersB[node]!) / (wA + wB)
    let sum = 0
    for (let s = 0; s < merged.lat.length; s++) {
      const kernel = Math.exp(factor * chordSquared(grid.vectors, node, vectors, s))
      const part = kernel * ((yA[s]! - mA[s]! * p) / wA - (yB[s]! - mB[s]! * p) / wB)
      columns[s * chosen.length + k] = part
      sum += part ** 2
    }
    const error = Math.sqrt(sum)
    for (let s = 0; error > 0 && s < merged.lat.length; s++) columns[s * chosen.length + k]! /= error
  })
  context.report({ done: 0, total: 1, unit: 'steps', title: 'Test of the difference' })
  const signs = drawSigns(merged.lat.length, flips, seededRandom(seed, 57))
  const flipped = await signedSums(columns, chosen.length, signs, context)
  const greatest = new Float64Array(flips)
  for (let draw = 0; draw < flips; draw++)
    for (let k = 0; k < chosen.length; k++)
      greatest[draw] = Math.max(greatest[draw]!, Math.abs(flipped[draw * chosen.length + k]!))
  const observed = chosen.reduce((most, node) => Math.max(most, score[node]!), 0)
  greatest.sort()
  const asGreat = greatest.reduce((count, value) => count + (value >= observed ? 1 : 0), 0)
  const limit = greatest[Math.min(flips - 1, Math.ceil(level * (flips + 1)) - 1)]!
  for (const node of looks) if (pointwise[node] === 1 && score[node]! > limit) simultaneous[node] = 1
  return { grid, bandwidth, difference, halfWidth, pointwise, simultaneous, p: (1 + asGreat) / (1 + flips) }
}

/** What a share of n informants may be off by even if all of them agree: the variance of (0 + 1) / (n + 2) of them. */
function leastVariance(informants: number): number {
  const share = 1 / (informants + 2)
  return (share * (1 - share)) / informants
}

/** All sites of either group in the order of their first mention; `users` are mA, yA, mB and yB. */
function unionOf(groups: readonly [SiteCounts, SiteCounts]): VariantCounts {
  const numbers = new Map<number, number>()
  const places: { lat: number; lon: number }[] = []
  for (const { lat, lon } of groups)
    lat.forEach((degrees, i) => {
      const key = placeKey(degrees, lon[i]!)
      if (numbers.has(key)) return
      numbers.set(key, places.length)
      places.push({ lat: degrees, lon: lon[i]! })
    })
  const users = [0, 1, 2, 3].map(() => new Float64Array(places.length))
  groups.forEach(({ lat, lon, informants, users: using }, group) =>
    lat.forEach((degrees, i) => {
      const site = numbers.get(placeKey(degrees, lon[i]!))!
      users[2 * group]![site]! += informants[i]!
      users[2 * group + 1]![site]! += using[i]!
    }),
  )
  return {
    lat: Float64Array.from(places, ({ lat }) => lat),
    lon: Float64Array.from(places, ({ lon }) => lon),
    informants: users[0]!.map((count, i) => count + users[2]![i]!),
    users,
  }
}
