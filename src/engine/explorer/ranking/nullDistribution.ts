import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import type { Random } from '#engine/random.ts'
import { choleskyInPlace } from '#engine/regions/algebra/cholesky.ts'
import { multiplyRows, sumRows, weightedGram } from '#engine/regions/algebra/products.ts'
import { useByLength, type LengthBins } from './lengthModel.ts'
import { lengthsByBandwidth, type PlaceFeatures } from './placeFeatures.ts'
import { tailOfDraws, type TailOfDraws } from './tailOfDraws.ts'
import { weightedChiSquareTail } from './weightedChiSquare.ts'

/** Everybody who may use a word: where they are, and how much they write. */
export interface Population {
  cellOf: Int32Array
  bins: LengthBins
  features: PlaceFeatures
  /** Informants who count, by group of length. */
  members: Int32Array[]
}

/** How rare statistics are for a word with n users of some lengths that has nothing to do with place. */
export interface NullDistribution {
  n: number
  meanLogLength: number
  /** E0 T by bandwidth. */
  expected: Float64Array
  /** @param statistics T by bandwidth; of the least p over the bandwidths, by its own distribution */
  p(statistics: Float64Array): number
}

/** Up to so many users statistics are drawn, beyond them they are weighted chi-squares, whose tail is too light for few. */
export const mostDrawnUsers = 226
/** As many as so many words need to tell which of them pass, each taking about as long: q of .1 of one in W is p of .1 / W. */
const drawsOf = (n: number, words: number) =>
  Math.round(Math.max(5000, Math.min(50_000, 200 * words, Math.max(20_000, 4e6 / n))))
const gaussianDraws = 4000
/** A part of them: some milliseconds of work. */
const gaussiansAtOnce = 500
/** Below, a p over several looks is the number of looks times the least: their own distribution has no draws there. */
const leastJointP = 1e-3

/**
 * The null distribution of T = |sum of features of users less what lengths let expect|^2 for n users with a mean log length. 1
 * and log L are projected out of the features with weights p (1 - p), as fitting a and b does.
 * @param size with `words`, how many are tested in all
 */
export async function nullDistribution(
  population: Population,
  size: { n: number; meanLogLength: number; words: number },
  random: Random,
  context: StageContext,
): Promise<NullDistribution> {
  const { n, meanLogLength, words } = size
  const { bins } = population
  const p = useByLength(bins, n, n * meanLogLength)
  const projected = projection(population, p)
  const { variance } = projected
  const looks = population.features.ends.length
  const expected = new Float64Array(looks)
  const { width, ends } = population.features
  ends.forEach((end, h) => {
    for (let k = h === 0 ? 0 : ends[h - 1]!; k < end; k++) expected[h]! += variance[k * width + k]!
  })
  const drawn =
    n <= mostDrawnUsers
      ? await drawUsers(population, { n, p, projected, draws: drawsOf(n, words) }, random, context)
      : await drawGaussian(population, variance, random, context)
  const tails = n <= mostDrawnUsers ? drawn.map(tailOfDraws) : chiSquareTails(population.features, variance)
  const leastOf = (statistics: (h: number) => number) => {
    let least = 1
    for (let h = 0; h < looks; h++) least = Math.min(least, tails[h]!.p(statistics(h)))
    return least
  }
  const leastOfDraws = Float64Array.from(drawn[0]!, (_, draw) => leastOf((h) => drawn[h]![draw]!)).sort()
  return {
    n,
    meanLogLength,
    expected,
    p(statistics) {
      const least = leastOf((h) => statistics[h]!)
      let [low, high] = [0, leastOfDraws.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (leastOfDraws[middle]! <= least) low = middle + 1
        else high = middle
      }
      const joint = (low + 1) / (leastOfDraws.length + 1)
      return least < leastJointP ? Math.min(looks * least, Math.max(joint, least)) : joint
    },
  }
}

/** Features' regression on 1 and log length, weights p (1 - p): what is subtracted from each informant's. */
interface Projection {
  level: Float64Array
  slope: Float64Array
  /** The covariance of what is left, summed over the informants: lower triangle. */
  variance: Float64Array
}

function projection({ cellOf, bins, features, members }: Population, p: Float64Array): Projection {
  const { width, rows } = features
  const cells = rows.length / width
  // All that is needed are sums over the informants of a cell: of weights, and of weights times log length.
  const [weights, weightedLengths] = [new Float64Array(cells), new Float64Array(cells)]
  let [s0, s1, s2] = [0, 0, 0]
  members.forEach((informants, bin) => {
    const [w, u] = [p[bin]! * (1 - p[bin]!), bins.logLength[bin]!]
    s0 += w * informants.length
    s1 += w * informants.length * u
    s2 += w * informants.length * u * u
    for (const informant of informants) {
      weights[cellOf[informant]!]! += w
      weightedLengths[cellOf[informant]!]! += w * u
    }
  })
  const spread = s2 - (s1 * s1) / s0
  const varies = members.length > 1 && spread > 1e-9 * s2
  const [level, slope] = [new Float64Array(width), new Float64Array(width)]
  for (let cell = 0; cell < cells; cell++)
    for (let k = 0; k < width; k++) {
      level[k]! += (weights[cell]! * rows[cell * width + k]!) / s0
      slope[k]! += (weightedLengths[cell]! * rows[cell * width + k]!) / spread
    }
  const variance = new Float64Array(width * width)
  weightedGram(rows, weights, width, variance)
  for (let k = 0; k < width; k++) slope[k] = varies ? slope[k]! - (s1 * level[k]!) / spread : 0
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) variance[i * width + j]! -= s0 * level[i]! * level[j]! + spread * slope[i]! * slope[j]!
  for (let k = 0; k < width; k++) level[k]! -= (slope[k]! * s1) / s0
  return { level, slope, variance }
}

/** Statistics of draws by bandwidth: each informant uses the word with the probability of the group. */
async function drawUsers(
  population: Population,
  { n, p, projected, draws }: { n: number; p: Float64Array; projected: Projection; draws: number },
  random: Random,
  context: StageContext,
): Promise<Float64Array[]> {
  const { features } = population
  const { width, ends } = features
  const { level, slope } = projected
  const mean = meanOfDraws(population, p, projected)
  const rows = Float32Array.from(features.rows)
  const statistics = ends.map(() => new Float64Array(draws))
  const atOnce = Math.max(1, Math.round(usersAtOnce / n))
  const sum = new Float64Array(width)
  for (let first = 0; first < draws; first += atOnce) {
    await pause(context)
    const drawn = pickUsers(population, p, Math.min(atOnce, draws - first), random)
    const sums = new Float32Array(drawn.ends.length * width)
    sumRows(rows, width, { picks: drawn.cells, ends: drawn.ends }, sums)
    drawn.ends.forEach((end, draw) => {
      const users = end - (draw === 0 ? 0 : drawn.ends[draw - 1]!)
      const logLengths = drawn.logLengths[draw]!
      for (let k = 0; k < width; k++)
        sum[k] = sums[draw * width + k]! - mean[k]! - users * level[k]! - logLengths * slope[k]!
      // The word has n users, not n give or take its root: what they add up to goes with their number.
      const scale = n / Math.max(1, users)
      lengthsByBandwidth(features, sum).forEach((value, h) => (statistics[h]![first + draw] = scale * value))
    })
  }
  return statistics
}

/** A hundredth of a second of sums. */
const usersAtOnce = 100_000

/** What the sums of the draws are about. */
function meanOfDraws(
  { cellOf, bins, features: { width, rows }, members }: Population,
  p: Float64Array,
  { level, slope }: Projection,
): Float64Array {
  const mean = new Float64Array(width)
  members.forEach((informants, bin) => {
    const u = bins.logLength[bin]!
    for (const informant of informants)
      for (let k = 0, at = cellOf[informant]! * width; k < width; k++)
        mean[k]! += p[bin]! * (rows[at + k]! - level[k]! - slope[k]! * u)
  })
  return mean
}

/** Draws of users: their cells, draw after draw, where each draw ends, and its log lengths added up. */
function pickUsers(
  { cellOf, bins, members }: Population,
  p: Float64Array,
  draws: number,
  random: Random,
): { cells: Int32Array; ends: Int32Array; logLengths: Float64Array } {
  const cells: number[] = []
  const [ends, logLengths] = [new Int32Array(draws), new Float64Array(draws)]
  const logOfNot = p.map((value) => Math.log1p(-value))
  for (let draw = 0; draw < draws; draw++) {
    for (let bin = 0; bin < members.length; bin++) {
      const informants = members[bin]!
      // From one user to the next by geometric steps: all informants as independent trials, without looking at each.
      const q = logOfNot[bin]!
      for (let at = step(q, random); at < informants.length; at += 1 + step(q, random)) {
        cells.push(cellOf[informants[at]!]!)
        logLengths[draw]! += bins.logLength[bin]!
      }
    }
    ends[draw] = cells.length
  }
  return { cells: Int32Array.from(cells), ends, logLengths }
}

/** How many informants do not use a word before one does. */
const step = (logOfNot: number, random: Random) => Math.floor(Math.log(1 - random.next()) / logOfNot)

async function drawGaussian(
  { features }: Population,
  variances: Float64Array,
  random: Random,
  context: StageContext,
): Promise<Float64Array[]> {
  const { width, ends } = features
  const factor = variances.slice()
  const trace = Array.from({ length: width }, (_, k) => factor[k * width + k]!).reduce((sum, value) => sum + value, 0)
  for (let k = 0; k < width; k++) factor[k * width + k]! += (1e-9 * trace) / width + 1e-12
  choleskyInPlace(factor, width)
  const lower = Float32Array.from(factor, (value, i) => (i % width <= i / width ? value : 0))
  const statistics = ends.map(() => new Float64Array(gaussianDraws))
  const [normals, sums] = [new Float32Array(gaussiansAtOnce * width), new Float32Array(gaussiansAtOnce * width)]
  for (let first = 0; first < gaussianDraws; first += gaussiansAtOnce) {
    await pause(context)
    for (let i = 0; i < normals.length; i++) normals[i] = random.normal()
    multiplyRows(normals, lower, width, sums)
    for (let draw = 0; draw < gaussiansAtOnce; draw++)
      lengthsByBandwidth(features, sums.subarray(draw * width, (draw + 1) * width)).forEach(
        (value, h) => (statistics[h]![first + draw] = value),
      )
  }
  return statistics
}

function chiSquareTails({ ends, width }: PlaceFeatures, variances: Float64Array): TailOfDraws[] {
  return ends.map((end, h) => {
    const first = h === 0 ? 0 : ends[h - 1]!
    const matrix = Matrix.zeros(end - first, end - first)
    for (let i = first; i < end; i++)
      for (let j = first; j <= i; j++) {
        matrix.set(i - first, j - first, variances[i * width + j]!)
        matrix.set(j - first, i - first, variances[i * width + j]!)
      }
    const values = new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues
    const greatest = Math.max(...values)
    const lambdas = Float64Array.from(values.filter((value) => value > 1e-9 * greatest))
    return { p: (value) => weightedChiSquareTail(lambdas, value) }
  })
}
