import type { StageContext } from '#engine/context.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import { solveUpper } from '../algebra/cholesky.ts'
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

/** Draws worked on together: their coefficients stay in registers. */
const together = 4

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
  for (const [basis, rows] of rowsByBasis(parts, vectors)) {
    for (const [p, { basis: own, fit }] of parts.entries()) {
      if (own !== basis) continue
      const width = fit.coefficients.length
      const [from, to] = [p === 0 ? 0 : ends[p - 1]!, ends[p]!]
      for (let draw = from; draw < to; draw += together) {
        const count = Math.min(together, to - draw)
        const drawn = Array.from({ length: together }, (_, i) => (i < count ? draw1() : new Float64Array(width)))
        const [a, b, c, d] = drawn as [Float64Array, Float64Array, Float64Array, Float64Array]
        for (let place = 0; place < places; place++) {
          let sa = 0, sb = 0, sc = 0, sd = 0 // prettier-ignore
          for (let k = 0, at = place * width; k < width; k++) {
            const x = rows[at + k]!
            sa += x * a[k]!
            sb += x * b[k]!
            sc += x * c[k]!
            sd += x * d[k]!
          }
          const sums = [sa, sb, sc, sd]
          for (let i = 0; i < count; i++) values[(draw + i) * places + place] = sums[i]!
        }
        done += count
        context.report({ done, total: draws, unit: 'steps', title: 'How sure is the line' })
        await pause(context)
      }
      function draw1(): Float64Array {
        const normal = Float64Array.from({ length: width }, () => random.normal())
        solveUpper(fit.factor, width, normal)
        return normal.map((value, k) => value + fit.coefficients[k]!)
      }
    }
  }
  return values
}

/** Ends of the parts of `total` that shares make, each rounded so that they add up. */
function cumulative(shares: number[], total: number): number[] {
  let sum = 0
  return shares.map((share) => Math.round((sum += share) * total))
}
