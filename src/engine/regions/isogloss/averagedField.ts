import type { StageContext } from '#engine/context.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom, type Random } from '#engine/random.ts'
import { solveUpper } from '../algebra/cholesky.ts'
import { multiplyRows } from '../algebra/products.ts'
import { extentKm } from '../bandwidth.ts'
import { chordKm } from '../chords.ts'
import type { SiteCounts } from '../sites.ts'
import { fitField, type FieldFit } from './fitField.ts'
import { basisRows, farthestPoints, maternBasis, type MaternBasis } from './maternBasis.ts'

const mostKnots = 150
const ranges = 5
const sdsField = [0.7, 1.8, 4.6, 12]
const sdsSite = [0, 0.4, 0.9]
/** A difference of log-likelihoods after which no fit weighs anything. */
const negligible = 10
/** Fits of less than a thousandth of the weight draw nothing. */
const leastWeight = 1e-3

/** The field of one variant's logits, averaged over ranges and variances by their marginal likelihoods. */
export interface AveragedField {
  parts: { basis: MaternBasis; fit: FieldFit; weight: number }[]
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
  const found: { basis: MaternBasis; fit: FieldFit }[] = []
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
        found.push({ basis, fit })
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

/** The mean logit at places. */
export function meanField({ parts }: AveragedField, vectors: Float64Array): Float64Array {
  const mean = new Float64Array(vectors.length / 3)
  for (const [basis, rows] of rowsByBasis(parts, vectors))
    for (const { basis: own, fit, weight } of parts) {
      if (own !== basis) continue
      const width = fit.coefficients.length
      for (let place = 0; place < mean.length; place++) {
        let sum = 0
        for (let k = 0; k < width; k++) sum += rows[place * width + k]! * fit.coefficients[k]!
        mean[place]! += weight * sum
      }
    }
  return mean
}

function* rowsByBasis(parts: AveragedField['parts'], vectors: Float64Array): Generator<[MaternBasis, Float64Array]> {
  for (const basis of new Set(parts.map((part) => part.basis))) yield [basis, basisRows(basis, vectors)]
}

/** Places that draws are made at between two looks at whether to go on. */
const chunkPlaces = 8192

/**
 * Draws of the logit at places from the posterior, site effects left out: each fit gives draws by its weight.
 * @returns draws x places, row by row
 */
export async function drawFields(
  { parts }: AveragedField,
  vectors: Float64Array,
  { draws, seed }: { draws: number; seed: number },
  context: StageContext,
): Promise<Float32Array> {
  const places = vectors.length / 3
  const values = new Float32Array(draws * places)
  const random = seededRandom(seed, 37)
  const ends = cumulative(
    parts.map(({ weight }) => weight),
    draws,
  )
  let done = 0
  for (const basis of new Set(parts.map((part) => part.basis))) {
    const own = [...parts.entries()].filter(([, part]) => part.basis === basis)
    const [first, last] = [own[0]![0] === 0 ? 0 : ends[own[0]![0] - 1]!, ends[own.at(-1)![0]]!]
    const drawn = own.map(([p, { fit }]) => drawCoefficients(fit, ends[p]! - (p === 0 ? 0 : ends[p - 1]!), random))
    const coefficients = Float32Array.from(drawn.flatMap((draw) => [...draw]))
    const width = basis.knots.length / 3 + 1
    for (let from = 0; from < places; from += chunkPlaces) {
      const to = Math.min(places, from + chunkPlaces)
      const rows = Float32Array.from(basisRows(basis, vectors.subarray(3 * from, 3 * to)))
      const chunk = new Float32Array((last - first) * (to - from))
      multiplyRows(coefficients, rows, width, chunk)
      for (let draw = first; draw < last; draw++)
        values.set(chunk.subarray((draw - first) * (to - from), (draw - first + 1) * (to - from)), draw * places + from)
      context.report({
        done: done + (last - first) * (to / places),
        total: draws,
        unit: 'steps',
        title: 'How sure is the line',
      })
      await pause(context)
    }
    done += last - first
  }
  return values
}

/** Draws from a fit's posterior: count x width. */
function drawCoefficients({ coefficients, factor }: FieldFit, count: number, random: Random): Float64Array {
  const width = coefficients.length
  const drawn = new Float64Array(count * width)
  for (let draw = 0; draw < count; draw++) {
    const at = draw * width
    for (let k = 0; k < width; k++) drawn[at + k] = random.normal()
    solveUpper(factor, width, drawn, at)
    for (let k = 0; k < width; k++) drawn[at + k]! += coefficients[k]!
  }
  return drawn
}

/** Ends of the parts of `total` that shares make, each rounded so that they add up. */
function cumulative(shares: number[], total: number): number[] {
  let sum = 0
  return shares.map((share) => Math.round((sum += share) * total))
}
