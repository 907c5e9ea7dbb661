import type { MetricName, MetricValues } from '#protocol/comparison.ts'
import type { Points } from '#engine/geo/points.ts'
import type { ScoredRun } from './bootstrap.ts'
import type { Condition } from './condition.ts'
import { errorsKm } from './metrics.ts'

/** Error of each test document, and whether its label is exact (null without labels), of each run of a condition. */
export function scoreRuns({ scheme, runs }: Condition, truth: Points): ScoredRun[] {
  return runs.map(({ predictedLabel, guess }) => ({
    errorsKm: errorsKm(guess, truth),
    right: scheme && predictedLabel && Uint8Array.from(predictedLabel, (label, i) => (label === scheme.of[i] ? 1 : 0)),
  }))
}

export const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Metrics of a condition: the means of its seeds. */
export function averageMetrics(seeds: MetricValues[]): MetricValues {
  const average = (name: MetricName) =>
    seeds.some((values) => values[name] === null) ? null : mean(seeds.map((values) => values[name]!))
  return {
    accuracy: average('accuracy'),
    accuracyAt161Km: average('accuracyAt161Km')!,
    meanErrorKm: average('meanErrorKm')!,
    medianErrorKm: average('medianErrorKm')!,
  }
}
