import type { Interval, ToldMetric } from '#protocol/comparison.ts'
import { isShare } from '#pure/metricRules.ts'

/** What stands for a number that is not there. */
export const missing = '–'

/** Decimals that show an interval's half-width with two significant digits: 0.443 ± 0.010, 272 ± 12. */
export function decimalsFor(interval: Interval | null | undefined, most: number, otherwise: number): number {
  const half = interval ? (interval[1] - interval[0]) / 2 : Number.NaN
  if (!(half > 0)) return otherwise
  return Math.min(most, Math.max(0, 1 - Math.floor(Math.log10(half) + 1e-9)))
}

export function formatNumber(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing
  const text = value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  // A minus sign, and none before a zero.
  return Number(value.toFixed(decimals)) === 0 ? text.replace('-', '') : text.replace('-', '−')
}

export function metricDecimals(metric: ToldMetric, interval: Interval | null | undefined): number {
  return isShare(metric) ? decimalsFor(interval, 4, 3) : decimalsFor(interval, 2, 0)
}

export function formatMetric(metric: ToldMetric, value: number | null | undefined, interval?: Interval | null): string {
  return formatNumber(value, metricDecimals(metric, interval))
}

/** Kilometres with as many decimals as the size deserves. */
export function formatKm(km: number | null | undefined): string {
  if (km === null || km === undefined || !Number.isFinite(km)) return missing
  return formatNumber(km, km < 10 ? 1 : 0)
}

export function formatCount(count: number | null | undefined): string {
  return formatNumber(count, 0)
}

/** Probability of a test: no leading zero, never 0. */
export function formatP(p: number): string {
  if (p < 0.001) return '<.001'
  return p >= 0.9995 ? '1' : p.toFixed(p < 0.1 ? 3 : 2).replace(/^0/, '')
}

export const metricTitles: Record<ToldMetric, string> = {
  accuracy: 'Acc',
  accuracyAt161Km: 'Acc@161',
  accuracyAtCountry: 'Acc@country',
  meanErrorKm: 'Mean, km',
  medianErrorKm: 'Median, km',
}
