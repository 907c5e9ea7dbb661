import type { StageContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { seededRandom } from '#engine/random.ts'
import { halvesOfSites } from './halvesOfSites.ts'
import { kernelFeatures } from './kernelFeatures.ts'
import { leastP, type Look } from './leastP.ts'
import { cellsOfSites, mergeSites } from './siteCells.ts'
import { drawSigns, signedSums, type Signs } from './signedSums.ts'
import { oneAgainstRest, total, weightedShare, type SiteCounts, type VariantCounts } from './sites.ts'
import { testBandwidthsKm } from './testBandwidths.ts'
import { withinSiteCorrelation } from './withinSiteCorrelation.ts'

export interface GeographyTest {
  /** The sum over pairs of different sites of residual x residual x kernel at the bandwidth of the least p. */
  statistic: number
  bandwidthKm: number
  bandwidthsKm: number[]
  /** Of the least p over the bandwidths, by its own distribution under the flips. */
  p: number
  flips: number
  /** Above 2,000 sites those of a cell are flipped together. */
  unit: 'site' | 'cell'
  /** The intraclass correlation of informants at one site; one a variant. */
  withinSite: number[]
  /** The difference of shares between two halves of the area that 80 in 100 such data would show at p < .05; null where none would. */
  detectableDifference: number | null
}

export interface GeographyTestOptions {
  flips: number
  seed: number
}

/**
 * Is there geography at all? Residuals of sites, each weighted by how much its informants say (w = 1 / (1 + (m - 1) rho)), are
 * multiplied over pairs of sites by a Gaussian kernel; under the null the signs of residuals are exchangeable by site, and are
 * flipped at random. Permuting informants is not valid: informants of a site are alike for reasons other than geography.
 * More than two variants: the sum of the statistics, each against the rest.
 */
export async function geographyTest(
  sites: VariantCounts,
  { flips, seed }: GeographyTestOptions,
  context: StageContext,
): Promise<GeographyTest> {
  const cellOf = cellsOfSites(sites)
  const counts = mergeSites(sites, cellOf)
  const unit = counts.lat.length < sites.lat.length ? 'cell' : 'site'
  const vectors = unitVectors(counts)
  const signs = drawSigns(counts.lat.length, flips, seededRandom(seed, 31))
  // Of two variants one says all.
  const variants = counts.users.length === 2 ? [0] : [...counts.users.keys()]
  const residuals = variants.map((variant) => residualsOf(oneAgainstRest(counts, variant)))
  const bandwidthsKm = testBandwidthsKm(vectors, counts.informants)
  const halves = halvesOfSites(vectors, counts.informants)
  const looks: Look[] = []
  for (const [done, bandwidthKm] of bandwidthsKm.entries()) {
    context.report({ done, total: bandwidthsKm.length, unit: 'steps', title: 'Test of geography' })
    const features = kernelFeatures(vectors, bandwidthKm)
    const rows = featureRows(features.values, features.points, features.rank)
    const parts: Look[] = []
    for (const one of residuals) parts.push(await lookAt(one, rows, features.rank, halves, signs, context))
    looks.push(sumOf(parts))
  }
  const least = leastP(looks)
  const best = looks[least.look]!
  return {
    statistic: best.observed,
    bandwidthKm: bandwidthsKm[least.look]!,
    bandwidthsKm,
    p: least.p,
    flips,
    unit,
    withinSite: residuals.map(({ correlation }) => correlation),
    detectableDifference: least.detectableDifference,
  }
}

interface Residuals {
  correlation: number
  /** w (users - informants x share) by site; they add up to 0. */
  values: Float64Array
  /** w x informants by site. */
  sizes: Float64Array
}

function residualsOf(counts: SiteCounts): Residuals {
  const correlation = withinSiteCorrelation(counts)
  const weights = counts.informants.map((m) => 1 / (1 + Math.max(0, m - 1) * correlation))
  const share = weightedShare(counts, weights)
  return {
    correlation,
    values: weights.map((w, i) => w * (counts.users[i]! - counts.informants[i]! * share)),
    sizes: weights.map((w, i) => w * counts.informants[i]!),
  }
}

/** From columns to rows of a site: n x rank. */
function featureRows(values: Float64Array, points: number, rank: number): Float64Array {
  const rows = new Float64Array(points * rank)
  for (let k = 0; k < rank; k++) for (let i = 0; i < points; i++) rows[i * rank + k] = values[k * points + i]!
  return rows
}

/**
 * The statistic r'Kr without its diagonal, and under flips. A flipped residual is recentred as the share would be estimated
 * anew: r* = s r - (sum of s r) v with v the sites' share of all weight. All that is needed are signed sums of columns.
 */
async function lookAt(
  { values: r, sizes }: Residuals,
  rows: Float64Array,
  rank: number,
  halves: Float64Array,
  signs: Signs,
  context: StageContext,
): Promise<Look> {
  const sites = r.length
  const weight = total(sizes)
  const share = sizes.map((size) => size / weight)
  // A difference of 1 between halves: half above the share here, half below there, recentred.
  const lean = halves.map((side, i) => (side * sizes[i]!) / 2)
  const leaning = total(lean)
  const planted = lean.map((value, i) => value - leaning * share[i]!)
  const width = rank + 3
  const columns = new Float64Array(sites * width)
  const [ofShare, ofPlanted] = [new Float64Array(rank), new Float64Array(rank)]
  let [squares, shareSquares, sharePlanted, plantedSquares] = [0, 0, 0, 0]
  for (let i = 0; i < sites; i++) {
    let diagonal = 0
    for (let k = 0; k < rank; k++) {
      const feature = rows[i * rank + k]!
      diagonal += feature * feature
      columns[i * width + k] = r[i]! * feature
      ofShare[k]! += share[i]! * feature
      ofPlanted[k]! += planted[i]! * feature
    }
    columns[i * width + rank] = r[i]!
    columns[i * width + rank + 1] = r[i]! * share[i]! * diagonal
    columns[i * width + rank + 2] = r[i]! * planted[i]! * diagonal
    squares += r[i]! ** 2 * diagonal
    shareSquares += share[i]! ** 2 * diagonal
    sharePlanted += share[i]! * planted[i]! * diagonal
    plantedSquares += planted[i]! ** 2 * diagonal
  }
  const of = (sums: Float64Array, at: number): [statistic: number, slope: number] => {
    const shift = sums[at + rank]!
    let [norm, product] = [0, 0]
    for (let k = 0; k < rank; k++) {
      const z = sums[at + k]! - shift * ofShare[k]!
      norm += z * z
      product += z * ofPlanted[k]!
    }
    const own = squares - 2 * shift * sums[at + rank + 1]! + shift * shift * shareSquares
    return [norm - own, 2 * (product - sums[at + rank + 2]! + shift * sharePlanted)]
  }
  const flippedSums = await signedSums(columns, width, signs, context)
  const flipped = new Float64Array(signs.draws)
  const slope = new Float64Array(signs.draws)
  for (let draw = 0; draw < signs.draws; draw++) [flipped[draw], slope[draw]] = of(flippedSums, draw * width)
  const unflipped = new Float64Array(width)
  for (let i = 0; i < sites; i++) for (let k = 0; k < width; k++) unflipped[k]! += columns[i * width + k]!
  const curvature = ofPlanted.reduce((sum, value) => sum + value * value, 0) - plantedSquares
  return { observed: of(unflipped, 0)[0], flipped, slope, curvature }
}

function sumOf(parts: Look[]): Look {
  const sum = (pick: (look: Look) => Float64Array) =>
    pick(parts[0]!).map((_, draw) => parts.reduce((all, look) => all + pick(look)[draw]!, 0))
  return {
    observed: parts.reduce((all, { observed }) => all + observed, 0),
    flipped: sum(({ flipped }) => flipped),
    slope: sum(({ slope }) => slope),
    curvature: parts.reduce((all, { curvature }) => all + curvature, 0),
  }
}
