import type { FloorResult } from '#protocol/comparison.ts'
import { isBetter, significance } from '#pure/metricRules.ts'
import { median } from '#pure/quantiles.ts'
import type { Points } from '#engine/geo/points.ts'
import { pairedP, type ResampledMetrics, type ScoredRun } from './bootstrap.ts'
import type { Condition, TestCountries, TestLabels, Training } from './condition.ts'
import { errorsKm } from './metrics.ts'
import { inCountry } from './scoreRuns.ts'

/** What needs no text: a row without its numbers, and its errors on the test fold. */
export interface Floor {
  experiment: string
  training: Training
  /** null: it has no labels, and every condition of the training is held against it. */
  scheme: TestLabels | null
  row: Pick<FloorResult, 'labels' | 'model' | 'labelsMethod' | 'method' | 'tasks' | 'labelCount'>
  scored: ScoredRun
}

/** The median point of each training fold, and each scheme's largest label. */
export function floorsOf(conditions: Condition[], truth: Points, countries: TestCountries | null = null): Floor[] {
  const everywhere = (lat: number, lon: number) => {
    const guess = { lat: truth.lat.map(() => lat), lon: truth.lon.map(() => lon) }
    return { errorsKm: errorsKm(guess, truth), ...inCountry(guess, countries) }
  }
  const trainings = firstOf(conditions, ({ training }) => training.id)
  const schemes = firstOf(
    conditions.filter(({ scheme }) => scheme !== null),
    ({ scheme }) => scheme!.id,
  )
  return [
    ...trainings.map(({ experiment, training }): Floor => ({
      experiment,
      training,
      scheme: null,
      row: { labels: null, model: 'median-point', labelsMethod: null, method: null, tasks: [], labelCount: null },
      scored: {
        ...everywhere(median(training.points.lat), median(training.points.lon)),
        right: null,
      },
    })),
    ...schemes.map(({ experiment, training, labels, labelsMethod, scheme }): Floor => {
      const { largest, count, of } = scheme!
      return {
        experiment,
        training,
        scheme,
        row: { labels, model: 'largest-label', labelsMethod, method: null, tasks: [], labelCount: count },
        scored: {
          ...everywhere(largest.lat, largest.lon),
          right: Uint8Array.from(of, (label) => (label === largest.index ? 1 : 0)),
        },
      }
    }),
  ]
}

/** The first item of each key, in their order. */
function firstOf<Item>(items: Item[], keyOf: (item: Item) => string): Item[] {
  const seen = new Map<string, Item>()
  for (const item of items) if (!seen.has(keyOf(item))) seen.set(keyOf(item), item)
  return [...seen.values()]
}

/** Whether a condition has to be better than a floor: that of its own training, or of its own labels. */
export const isFloorOf = ({ training, scheme }: Floor, condition: Condition): boolean =>
  scheme === null ? training.id === condition.training.id : scheme.id === condition.scheme?.id

/**
 * Says where no difference from a constant holds (paired bootstrap, p < 0.05), so that nobody is fooled.
 * @param conditions with their figures and what they are called
 */
export function floorWarnings(
  conditions: { name: string; condition: Condition; figures: Figures; resampled: ResampledMetrics }[],
  floors: { floor: Floor; figures: Figures; resampled: ResampledMetrics }[],
): string[] {
  const words = { 'median-point': 'the training median point', 'largest-label': 'its largest label' }
  const names = { accuracyAt161Km: 'Acc@161', meanErrorKm: 'mean error', medianErrorKm: 'median error' }
  return conditions.flatMap(({ name, condition, figures, resampled }) =>
    floors.flatMap(({ floor, figures: constant, resampled: ofConstant }) => {
      if (!isFloorOf(floor, condition)) return []
      const behind = distanceMetrics.filter((metric) => {
        const differences = resampled[metric]!.map((value, k) => value - ofConstant[metric]![k]!)
        const holds = pairedP(figures[metric] - constant[metric], differences) < significance
        return !(isBetter(metric, figures[metric], constant[metric]) && holds)
      })
      if (behind.length === 0) return []
      return [
        `${name} is not surely better than ${words[floor.row.model]} in ${behind.map((metric) => names[metric]).join(', ')}.`,
      ]
    }),
  )
}

const distanceMetrics = ['accuracyAt161Km', 'meanErrorKm', 'medianErrorKm'] as const
type Figures = Record<(typeof distanceMetrics)[number], number>
