import { nearKm } from '#pure/metricRules.ts'
import { quantileOfSorted } from '#pure/quantiles.ts'
import type { ErrorScale } from './errorScale.ts'

/** Errors of one run in rising order. */
export function sortedErrors(errorKm: Float32Array): Float32Array {
  return Float32Array.from(errorKm).sort()
}

/** Share of errors strictly under a distance, as Acc@161 counts. */
export function shareUnder(sorted: Float32Array, km: number): number {
  if (sorted.length === 0) return 0
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < km) low = middle + 1
    else high = middle
  }
  return low / sorted.length
}

/** What a row of the table says of one run's errors. */
export interface TailNumbers {
  documents: number
  under25: number
  under161: number
  under1000: number
  medianKm: number
  meanKm: number
  ninetiethKm: number
}

/** @returns null without errors */
export function tailNumbers(sorted: Float32Array): TailNumbers | null {
  if (sorted.length === 0) return null
  let sum = 0
  for (const km of sorted) sum += km
  return {
    documents: sorted.length,
    under25: shareUnder(sorted, 25),
    under161: shareUnder(sorted, nearKm),
    under1000: shareUnder(sorted, 1000),
    medianKm: quantileOfSorted(sorted, 0.5),
    meanKm: sum / sorted.length,
    ninetiethKm: quantileOfSorted(sorted, 0.9),
  }
}

/** Bins of equal width on the log axis. Bin i runs from edgesKm[i] to edgesKm[i + 1]; shares sum to 1. */
export interface ErrorHistogram {
  edgesKm: number[]
  shares: number[]
}

/** Errors beyond the ends of the axis go to its first and last bin. */
export function errorHistogram(sorted: Float32Array, scale: ErrorScale, binsPerDecade = 8): ErrorHistogram {
  const count = Math.max(1, Math.round(Math.log10(scale.highKm / scale.lowKm) * binsPerDecade))
  const edgesKm = Array.from({ length: count + 1 }, (_, i) => scale.lowKm * (scale.highKm / scale.lowKm) ** (i / count))
  const below = edgesKm.map((km, i) => (i === 0 ? 0 : i === count ? 1 : shareUnder(sorted, km)))
  return { edgesKm, shares: edgesKm.slice(1).map((_, i) => (sorted.length === 0 ? 0 : below[i + 1]! - below[i]!)) }
}

/** Points of the cumulative curve, one a pixel at most: km and share under it. */
export function cumulativeCurve(sorted: Float32Array, scale: ErrorScale, points: number): [number, number][] {
  return Array.from({ length: points + 1 }, (_, i): [number, number] => {
    const km = scale.lowKm * (scale.highKm / scale.lowKm) ** (i / points)
    return [km, shareUnder(sorted, km)]
  })
}
