import { setImmediate } from 'node:timers/promises'
import type { Interval, MetricName, ToldMetric } from '#protocol/comparison.ts'
import { metricNames } from '#protocol/comparison.ts'
import type { StageContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { nearKm } from '#pure/metricRules.ts'

/** The errors of one run (seed) of a condition, document by document. */
export interface ScoredRun {
  errorsKm: Float64Array
  /** 1 where the label is exact; null where labels mean nothing. */
  right: Uint8Array | null
  /** 1 where the guess is in the document's country; left out where all documents are of one. */
  inCountry?: Uint8Array
}

export interface ResamplingPlan {
  /** Unit of each document: documents of one unit are drawn together. */
  clusterOf: Int32Array
  clusters: number
  resamples: number
  seed: number
}

/** Metric of a condition in each resample: values[metric][b]; accuracy is null where labels mean nothing. */
export type ResampledMetrics = Record<MetricName, Float64Array | null> & { accuracyAtCountry?: Float64Array }

const resampled: readonly ToldMetric[] = [...metricNames, 'accuracyAtCountry']

/**
 * Resamples units with replacement and computes each condition's metrics, averaged over its runs, in every resample.
 * All conditions see the same resamples, so that differences are paired.
 * Errors are sorted once; a resample only counts how often each unit was drawn and walks the sorted errors.
 */
export async function resampleMetrics(
  conditions: ScoredRun[][],
  plan: ResamplingPlan,
  context: StageContext,
): Promise<ResampledMetrics[]> {
  const { clusterOf, clusters, resamples, seed } = plan
  const sorted = conditions.map((runs) => runs.map((run) => sortedRun(run, clusterOf)))
  const results = conditions.map((runs): ResampledMetrics => ({
    accuracy: runs[0]!.right ? new Float64Array(resamples) : null,
    accuracyAt161Km: new Float64Array(resamples),
    meanErrorKm: new Float64Array(resamples),
    medianErrorKm: new Float64Array(resamples),
    ...(runs[0]!.inCountry ? { accuracyAtCountry: new Float64Array(resamples) } : {}),
  }))
  const random = seededRandom(seed, 9)
  const drawn = new Int32Array(clusters)
  for (let b = 0; b < resamples; b++) {
    if (b % 50 === 0) {
      await setImmediate()
      context.signal.throwIfAborted()
      context.report({ done: b, total: resamples, unit: 'steps', title: 'Bootstrap' })
    }
    drawn.fill(0)
    for (let i = 0; i < clusters; i++) drawn[random.below(clusters)]!++
    sorted.forEach((runs, condition) => {
      const result = results[condition]!
      for (const run of runs) {
        const metrics = weightedMetrics(run, drawn)
        for (const name of resampled) {
          const values = result[name]
          if (values) values[b] = values[b]! + metrics[name] / runs.length
        }
      }
    })
  }
  context.report({ done: resamples, total: resamples, unit: 'steps', title: 'Bootstrap' })
  return results
}

interface SortedRun {
  errorsKm: Float64Array
  clusters: Int32Array
  right: Uint8Array | null
  inCountry: Uint8Array | null
  /** How many errors count for Acc@161: they are the first ones. */
  near: number
}

function sortedRun({ errorsKm, right, inCountry }: ScoredRun, clusterOf: Int32Array): SortedRun {
  const order = Int32Array.from(errorsKm.keys()).sort((a, b) => errorsKm[a]! - errorsKm[b]! || a - b)
  const sortedErrors = Float64Array.from(order, (i) => errorsKm[i]!)
  const firstFar = sortedErrors.findIndex((errorKm) => errorKm >= nearKm)
  return {
    errorsKm: sortedErrors,
    clusters: order.map((i) => clusterOf[i]!),
    right: right && Uint8Array.from(order, (i) => right[i]!),
    inCountry: inCountry ? Uint8Array.from(order, (i) => inCountry[i]!) : null,
    near: firstFar < 0 ? sortedErrors.length : firstFar,
  }
}

/** Metrics of the documents, each taken as often as its unit was drawn; the median is that of the list written out. */
function weightedMetrics(
  { errorsKm, clusters, right, inCountry, near }: SortedRun,
  drawn: Int32Array,
): Record<ToldMetric, number> {
  let weight = 0
  let nearWeight = 0
  let sum = 0
  let hits = 0
  let countryHits = 0
  for (let i = 0; i < errorsKm.length; i++) {
    const times = drawn[clusters[i]!]!
    weight += times
    if (i < near) nearWeight += times
    sum += times * errorsKm[i]!
    if (right) hits += times * right[i]!
    if (inCountry) countryHits += times * inCountry[i]!
  }
  const low = (weight - 1) >> 1
  const high = weight >> 1
  let passed = 0
  let lowValue = NaN
  let highValue = NaN
  for (let i = 0; i < errorsKm.length; i++) {
    passed += drawn[clusters[i]!]!
    if (Number.isNaN(lowValue) && passed > low) lowValue = errorsKm[i]!
    if (passed > high) {
      highValue = errorsKm[i]!
      break
    }
  }
  return {
    accuracy: hits / weight,
    accuracyAt161Km: nearWeight / weight,
    accuracyAtCountry: countryHits / weight,
    meanErrorKm: sum / weight,
    medianErrorKm: (lowValue + highValue) / 2,
  }
}

/** The 2.5th and 97.5th percentiles (nearest rank). */
export function interval(values: Float64Array): Interval {
  const sorted = values.slice().sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!
  return [at(0.025), at(0.975)]
}

/** The intervals of a condition's metrics; a metric that means nothing has none. */
export function intervalsOf(values: ResampledMetrics): Partial<Record<ToldMetric, Interval>> {
  return Object.fromEntries(resampled.flatMap((name) => (values[name] ? [[name, interval(values[name])]] : [])))
}

/**
 * Two-sided p of a paired difference: p = (1 + #{|d* - d| >= |d|}) / (B + 1)
 * (Berg-Kirkpatrick, Burkett & Klein 2012, section 2).
 */
export function pairedP(difference: number, resampled: Float64Array): number {
  let extreme = 0
  // A hair of tolerance: d* - d of a constant difference is zero but for rounding.
  for (const value of resampled) if (Math.abs(value - difference) >= Math.abs(difference) - 1e-12) extreme++
  return (1 + extreme) / (resampled.length + 1)
}

/** Holm's correction (Holm 1979): each p times the number of hypotheses not yet rejected, never falling. */
export function holm(ps: number[]): number[] {
  const order = Array.from(ps.keys()).sort((a, b) => ps[a]! - ps[b]! || a - b)
  const corrected = new Array<number>(ps.length)
  let least = 0
  order.forEach((which, rank) => {
    least = Math.max(least, Math.min(1, ps[which]! * (ps.length - rank)))
    corrected[which] = least
  })
  return corrected
}
