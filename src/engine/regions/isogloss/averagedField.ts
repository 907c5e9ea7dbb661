import type { StageContext } from '#engine/context.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import { multiplyRows } from '../algebra/products.ts'
import { extentKm } from '../bandwidth.ts'
import { chordKm } from '../chords.ts'
import type { SiteCounts } from '../sites.ts'
import { fitField, type FieldFit } from './fitField.ts'
import { basisRows, farthestPoints, maternBasis, type MaternBasis } from './maternBasis.ts'
import { posteriorDraws } from './posteriorDraws.ts'
import { SiteLikelihood } from './siteLikelihood.ts'

const mostKnots = 150
const ranges = 5
const sdsField = [0.7, 1.8, 4.6, 12]
const sdsSite = [0, 0.4, 0.9]
/** A difference of log-likelihoods after which no fit weighs anything. */
const negligible = 10
/** Fits of less than a thousandth of the weight draw nothing. */
const leastWeight = 1e-3

/** Fields of one variant's logits for several ranges and variances, with their shares. */
export interface AveragedField {
  parts: FieldPart[]
}
export interface FieldPart {
  basis: MaternBasis
  /** At the sites that it was fitted to. */
  rows: Float64Array
  fit: FieldFit
  weight: number
}

/** What the data say of such a field: draws of its coefficients, from each part as many as its weight has of all. */
export interface DrawnField {
  parts: { basis: MaternBasis; weight: number; draws: Float32Array; coefficients: Float64Array }[]
}

/**
 * Fits logit p = b0 + f + u (Wieling, Nerbonne and Baayen 2011 model dialects by a field over the map; here f is Matérn 3/2
 * on at most 150 knots) for five ranges, four variances of f and three of u.
 * @param vectors unit vectors of the sites
 */
export async function averagedField(
  vectors: Float64Array,
  counts: Pick<SiteCounts, 'informants' | 'users'>,
  context: StageContext,
): Promise<AveragedField> {
  const knots = farthestPoints(vectors, mostKnots)
  const total = ranges * sdsSite.length
  const found: Omit<FieldPart, 'weight'>[] = []
  let done = 0
  for (const rangeKm of rangesKm(vectors)) {
    const basis = maternBasis(knots, rangeKm)
    const rows = basisRows(basis, vectors)
    for (const sdSite of sdsSite) {
      let before: FieldFit | null = null
      for (const sdField of sdsField) {
        const fit: FieldFit = fitField(rows, counts, { sdField, sdSite }, before && before.logits)
        const falls = before !== null && fit.logMarginal < before.logMarginal - negligible
        before = fit
        found.push({ basis, rows, fit })
        await pause(context)
        // Once past its greatest value the likelihood goes on falling.
        if (falls) break
      }
      context.report({ done: ++done, total, unit: 'steps', title: 'Fit the line' })
    }
  }
  const best = Math.max(...found.map(({ fit }) => fit.logMarginal))
  const weights = found.map(({ fit }) => Math.exp(fit.logMarginal - best))
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const kept = found
    .map((part, i) => ({ ...part, weight: weights[i]! / sum }))
    .filter(({ weight }) => weight >= leastWeight)
  const left = kept.reduce((all, { weight }) => all + weight, 0)
  return { parts: kept.map((part) => ({ ...part, weight: part.weight / left })) }
}

/** From the sites' spacing to two thirds of the extent, evenly in logarithms. */
function rangesKm(vectors: Float64Array): number[] {
  const index = SphereIndex.build(vectors)
  const nearest = new Int32Array(index.size)
  index.nearestOthers(Infinity, nearest)
  const spacings = Float64Array.from(nearest, (other, i) =>
    other < 0 ? 0 : chordKm(vectors, i, vectors, other),
  ).sort()
  const longest = (2 / 3) * extentKm(vectors)
  const shortest = Math.min(Math.max(spacings[spacings.length >> 1]!, longest / 200), longest / 4)
  return Array.from({ length: ranges }, (_, k) => shortest * (longest / shortest) ** (k / (ranges - 1)))
}

/** The mean logit at places, of parts with coefficients: their modes, or the means of their draws. */
export function meanField(
  parts: { basis: MaternBasis; coefficients: Float64Array; weight: number }[],
  vectors: Float64Array,
): Float64Array {
  const mean = new Float64Array(vectors.length / 3)
  for (const basis of new Set(parts.map((part) => part.basis))) {
    const rows = basisRows(basis, vectors)
    const width = basis.knots.length / 3 + 1
    const together = new Float64Array(width)
    for (const { coefficients, weight } of parts.filter((part) => part.basis === basis))
      for (let k = 0; k < width; k++) together[k]! += weight * coefficients[k]!
    for (let place = 0, at = 0; place < mean.length; place++)
      for (let k = 0; k < width; k++, at++) mean[place]! += rows[at]! * together[k]!
  }
  return mean
}

/** Draws from the posteriors of an averaged field. */
export async function drawField(
  { parts }: AveragedField,
  counts: Pick<SiteCounts, 'informants' | 'users'>,
  { draws, seed }: { draws: number; seed: number },
  context: StageContext,
): Promise<DrawnField> {
  const random = seededRandom(seed, 37)
  const ends = cumulative(
    parts.map(({ weight }) => weight),
    draws,
  )
  const likelihoods = new Map<number, SiteLikelihood>()
  const drawn: DrawnField['parts'] = []
  for (const [p, { basis, rows, fit }] of parts.entries()) {
    const count = ends[p]! - (ends[p - 1] ?? 0)
    if (count === 0) continue
    const { sdSite } = fit.priors
    const likelihood = likelihoods.get(sdSite) ?? new SiteLikelihood(counts, sdSite)
    likelihoods.set(sdSite, likelihood)
    const own = await posteriorDraws(rows, likelihood, fit, { count, random }, context)
    const coefficients = new Float64Array(fit.coefficients.length)
    own.forEach((value, i) => (coefficients[i % coefficients.length]! += value / count))
    drawn.push({ basis, weight: count / draws, draws: own, coefficients })
    context.report({ done: ends[p]!, total: draws, unit: 'steps', title: 'How sure is the line' })
  }
  return { parts: drawn }
}

/** Places that draws are made at between two looks at whether to go on. */
const chunkPlaces = 8192

/**
 * The logits of all draws at places, site effects left out.
 * @returns draws x places, row by row
 */
export async function fieldsAt(
  { parts }: DrawnField,
  vectors: Float64Array,
  context: StageContext,
): Promise<Float32Array> {
  const places = vectors.length / 3
  const total = parts.reduce((sum, { draws, coefficients }) => sum + draws.length / coefficients.length, 0)
  const values = new Float32Array(total * places)
  let first = 0
  for (const basis of new Set(parts.map((part) => part.basis))) {
    const draws = joined(parts.filter((part) => part.basis === basis).map((part) => part.draws))
    const width = basis.knots.length / 3 + 1
    const count = draws.length / width
    for (let from = 0; from < places; from += chunkPlaces) {
      const to = Math.min(places, from + chunkPlaces)
      const rows = Float32Array.from(basisRows(basis, vectors.subarray(3 * from, 3 * to)))
      const chunk = new Float32Array(count * (to - from))
      multiplyRows(draws, rows, width, chunk)
      for (let draw = 0; draw < count; draw++)
        values.set(chunk.subarray(draw * (to - from), (draw + 1) * (to - from)), (first + draw) * places + from)
      await pause(context)
    }
    first += count
  }
  return values
}

function joined(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Ends of the parts of `total` that shares make, each rounded so that they add up. */
function cumulative(shares: number[], total: number): number[] {
  let sum = 0
  return shares.map((share) => Math.round((sum += share) * total))
}
