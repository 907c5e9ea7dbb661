import type { MetricName, MetricValues } from '#protocol/comparison.ts'
import type { Points } from '#engine/geo/points.ts'
import type { ScoredRun } from './bootstrap.ts'
import type { Condition, TestCountries } from './condition.ts'
import { errorsKm } from './metrics.ts'

/** Error of each test document, and whether its label is exact (null without labels), of each run of a condition. */
export function scoreRuns(
  { scheme, runs }: Condition,
  truth: Points,
  countries: TestCountries | null = null,
): ScoredRun[] {
  return runs.map(({ predictedLabel, guess }) => ({
    errorsKm: errorsKm(guess, truth),
    ...inCountry(guess, countries),
    right: scheme && predictedLabel && Uint8Array.from(predictedLabel, (label, i) => (label === scheme.of[i] ? 1 : 0)),
  }))
}

/** 1 where a guess lies in the country of its document; nothing where countries are not told. */
export function inCountry(guess: Points, countries: TestCountries | null): Pick<ScoredRun, 'inCountry'> {
  if (!countries) return {}
  return { inCountry: Uint8Array.from(countries.find(guess), (country, i) => (country === countries.of[i] ? 1 : 0)) }
}

export const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Metrics of a condition: the means of its seeds. */
export function averageMetrics(seeds: MetricValues[]): MetricValues {
  const average = (name: MetricName) =>
    seeds.some((values) => values[name] === null) ? null : mean(seeds.map((values) => values[name]!))
  return {
    accuracy: average('accuracy'),
    accuracyAt161Km: average('accuracyAt161Km')!,
    ...(seeds[0]?.accuracyAtCountry === undefined
      ? {}
      : { accuracyAtCountry: mean(seeds.map((values) => values.accuracyAtCountry!)) }),
    meanErrorKm: average('meanErrorKm')!,
    medianErrorKm: average('medianErrorKm')!,
  }
}
