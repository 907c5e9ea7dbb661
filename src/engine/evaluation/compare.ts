import type {
  Comparison,
  ConditionResult,
  Difference,
  FloorResult,
  Interval,
  MetricName,
} from '#protocol/comparison.ts'
import { metricNames } from '#protocol/comparison.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { isBetter, significance } from '#pure/metricRules.ts'
import { median } from '#pure/quantiles.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { bestIn } from './bestIn.ts'
import { holm, interval, pairedP, resampleMetrics, type ResampledMetrics, type ScoredRun } from './bootstrap.ts'
import { nameOf, type Condition } from './condition.ts'
import { errorsKm, metricsOf } from './metrics.ts'
import { averageMetrics, mean, scoreRuns } from './scoreRuns.ts'

export interface ComparisonInput {
  experiment: string
  synthetic: boolean
  /** The test documents. */
  truth: Points
  train: Points
  units: { unit: 'author' | 'place' | 'document'; clusterOf: Int32Array; clusters: number }
  /** 1 where training has the document's place. */
  seenPlace: Uint8Array
  conditions: Condition[]
  settings: Comparison['settings']
  resamples: number
  seed: number
  warnings?: string[]
}

/** A condition before it is held against the others. */
type Unranked = Omit<ConditionResult, 'bestIn'>

/** The comparison table: conditions, floors, and every pair of them by paired bootstrap on the one test. */
export async function compareRuns(input: ComparisonInput, context: StageContext): Promise<Comparison> {
  const { truth, units, conditions } = input
  const scored = conditions.map((condition) => scoreRuns(condition, truth))
  const floors = floorsOf(input)
  const resampled = await resampleMetrics(
    [...scored, ...floors.map(({ scored: run }) => [run])],
    { clusterOf: units.clusterOf, clusters: units.clusters, resamples: input.resamples, seed: input.seed },
    context,
  )
  const results = conditions.map((condition, i) => conditionResult(input, condition, scored[i]!, resampled[i]!))
  const floorResults = floors.map(({ row, scored: run }, i): FloorResult => ({
    ...row,
    ...metricsOf(run.errorsKm, run.right),
    intervals: intervalsOf(resampled[conditions.length + i]!),
  }))
  const differences = differencesOf(results, resampled)
  return {
    experiment: input.experiment,
    synthetic: input.synthetic,
    test: { documents: truth.lat.length, unit: units.unit, clusters: units.clusters, resamples: input.resamples },
    settings: input.settings,
    results: [
      ...results.map((row) => ({ ...row, bestIn: bestIn(row, results, floorResults, differences) })),
      ...floorResults,
    ],
    differences,
    warnings: [...(input.warnings ?? []), ...floorWarnings(results, floorResults, resampled)],
  }
}

function conditionResult(
  { truth, seenPlace }: ComparisonInput,
  condition: Condition,
  scored: ScoredRun[],
  resampled: ResampledMetrics,
): Unranked {
  const perRun = scored.map((run) => metricsOf(run.errorsKm, run.right))
  const perSeed = perRun.flatMap((metrics, i) => {
    const { seed } = condition.runs[i]!
    return seed === null ? [] : [{ seed, ...metrics }]
  })
  const heads = condition.runs.flatMap(({ coordinatesHead }) =>
    coordinatesHead ? [metricsOf(errorsKm(coordinatesHead, truth), null)] : [],
  )
  const atPlaces = (seen: 0 | 1) => {
    const rows = Array.from(seenPlace.keys()).filter((i) => seenPlace[i] === seen)
    const errors = scored.map((run) => Float64Array.from(rows, (i) => run.errorsKm[i]!))
    const average = (value: (errors: Float64Array) => number) => (rows.length ? mean(errors.map(value)) : null)
    return {
      documents: rows.length,
      medianErrorKm: average(median),
      meanErrorKm: average((values) => values.reduce((sum, errorKm) => sum + errorKm, 0) / values.length),
    }
  }
  return {
    ...nameOf(condition),
    labelCount: condition.scheme?.count ?? null,
    seeds: perSeed.map(({ seed }) => seed),
    ...averageMetrics(perRun),
    perSeed,
    intervals: intervalsOf(resampled),
    coordinatesHead:
      heads.length > 0
        ? {
            accuracyAt161Km: mean(heads.map((head) => head.accuracyAt161Km)),
            meanErrorKm: mean(heads.map((head) => head.meanErrorKm)),
            medianErrorKm: mean(heads.map((head) => head.medianErrorKm)),
          }
        : null,
    oracle: condition.scheme?.oracle ?? null,
    seenPlaces: atPlaces(1),
    unseenPlaces: atPlaces(0),
    runs: condition.runs.map(({ id }) => id),
  }
}

function intervalsOf(resampled: ResampledMetrics): Partial<Record<MetricName, Interval>> {
  return Object.fromEntries(metricNames.flatMap((name) => (resampled[name] ? [[name, interval(resampled[name])]] : [])))
}

/** What needs no text: the training median point, and each scheme's largest label. */
function floorsOf({ truth, train, conditions }: ComparisonInput) {
  const everywhere = (lat: number, lon: number): Points => ({
    lat: truth.lat.map(() => lat),
    lon: truth.lon.map(() => lon),
  })
  const floor = (
    model: FloorResult['model'],
    labels: string | null,
    labelsMethod: FloorResult['labelsMethod'],
    labelCount: number | null,
  ) => ({ labels, model, labelsMethod, method: null, tasks: [], labelCount }) satisfies Partial<FloorResult>
  const floors = [
    {
      row: floor('median-point', null, null, null),
      scored: { errorsKm: errorsKm(everywhere(median(train.lat), median(train.lon)), truth), right: null } as ScoredRun,
    },
  ]
  const seen = new Set<string>()
  for (const { labels, labelsMethod, scheme } of conditions) {
    if (labels === null || !scheme || seen.has(labels)) continue
    seen.add(labels)
    const { largest } = scheme
    floors.push({
      row: floor('largest-label', labels, labelsMethod, scheme.count),
      scored: {
        errorsKm: errorsKm(everywhere(largest.lat, largest.lon), truth),
        right: Uint8Array.from(scheme.of, (label) => (label === largest.index ? 1 : 0)),
      },
    })
  }
  return floors
}

function differencesOf(results: Unranked[], resampled: ResampledMetrics[]): Difference[] {
  const found: Omit<Difference, 'pHolm'>[] = []
  results.forEach((a, i) => {
    results.slice(i + 1).forEach((b, offset) => {
      const j = i + 1 + offset
      for (const metric of metricNames) {
        // Accuracies over different labels are answers to different questions.
        if (metric === 'accuracy' && a.labels !== b.labels) continue
        const [ofA, ofB] = [resampled[i]![metric], resampled[j]![metric]]
        if (!ofA || !ofB) continue
        const difference = b[metric]! - a[metric]!
        const differences = ofB.map((value, k) => value - ofA[k]!)
        found.push({
          a: conditionKey(a),
          b: conditionKey(b),
          metric,
          difference,
          interval: interval(differences),
          p: pairedP(difference, differences),
        })
      }
    })
  })
  const corrected = new Map<Omit<Difference, 'pHolm'>, number>()
  for (const metric of metricNames) {
    const family = found.filter((difference) => difference.metric === metric)
    holm(family.map(({ p }) => p)).forEach((p, i) => corrected.set(family[i]!, p))
  }
  return found.map((difference) => ({ ...difference, pHolm: corrected.get(difference)! }))
}

/** Says where no difference from a constant holds (paired bootstrap, p < 0.05), so that nobody is fooled. */
function floorWarnings(results: Unranked[], floors: FloorResult[], resampled: ResampledMetrics[]): string[] {
  const words = { 'median-point': 'the training median point', 'largest-label': 'its largest label' }
  return results.flatMap((result, i) =>
    floors.flatMap((floor, f) => {
      if (floor.labels !== null && floor.labels !== result.labels) return []
      const behind = (['accuracyAt161Km', 'meanErrorKm', 'medianErrorKm'] as const).filter((metric) => {
        const differences = resampled[i]![metric]!.map(
          (value, k) => value - resampled[results.length + f]![metric]![k]!,
        )
        const holds = pairedP(result[metric] - floor[metric], differences) < significance
        return !(isBetter(metric, result[metric], floor[metric]) && holds)
      })
      if (behind.length === 0) return []
      const names = { accuracyAt161Km: 'Acc@161', meanErrorKm: 'mean error', medianErrorKm: 'median error' }
      return [
        `${conditionKey(result)} is not surely better than ${words[floor.model]} in ${behind.map((metric) => names[metric]).join(', ')}.`,
      ]
    }),
  )
}
