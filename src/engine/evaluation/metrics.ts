import type { MetricValues } from '#protocol/comparison.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { nearKm } from '#pure/metricRules.ts'
import { median } from '#pure/quantiles.ts'
import type { Points } from '#engine/geo/points.ts'

/** Great-circle distance of each guess from its target, in kilometres. */
export function errorsKm(guess: Points, truth: Points): Float64Array {
  return Float64Array.from(truth.lat, (lat, i) => haversineKm(lat, truth.lon[i]!, guess.lat[i]!, guess.lon[i]!))
}

/**
 * The metrics of one run; `right` has 1 where the label is exact, or is null where labels mean nothing; `inCountry` 1 where the
 * guess is in the document's country, where that is told.
 */
export function metricsOf(errors: Float64Array, right: Uint8Array | null, inCountry?: Uint8Array): MetricValues {
  const count = errors.length
  let near = 0
  let sum = 0
  for (const errorKm of errors) {
    if (errorKm < nearKm) near++
    sum += errorKm
  }
  return {
    accuracy: right ? shareOf(right) : null,
    accuracyAt161Km: near / count,
    ...(inCountry ? { accuracyAtCountry: shareOf(inCountry) } : {}),
    meanErrorKm: sum / count,
    medianErrorKm: median(errors),
  }
}

const shareOf = (flags: Uint8Array) => flags.reduce((hits, hit) => hits + hit, 0) / flags.length
