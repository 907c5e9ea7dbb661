import { nearRadiiKm, type ConditionResult, type NearRadiusKm } from '#protocol/comparison.ts'
import { median } from '#pure/quantiles.ts'
import type { Points } from '#engine/geo/points.ts'
import { intervalsOf, type ResampledMetrics, type ScoredRun } from './bootstrap.ts'
import type { Oracle } from '#protocol/labelSets.ts'
import { nameOf, type Condition, type TestLabels } from './condition.ts'
import { errorsKm, metricsOf } from './metrics.ts'
import { averageMetrics, mean } from './scoreRuns.ts'

/** A condition before it is held against the others. */
export type Unranked = Omit<ConditionResult, 'bestIn'>

/** What is told of a condition, averaged over its runs. */
export function conditionResult(
  condition: Condition,
  truth: Points,
  scored: ScoredRun[],
  resampled: ResampledMetrics,
): Unranked {
  const perRun = scored.map((run) => metricsOf(run.errorsKm, run.right, run.inCountry))
  const perSeed = perRun.flatMap((metrics, i) => {
    const { seed } = condition.runs[i]!
    return seed === null ? [] : [{ seed, ...metrics }]
  })
  const metrics = averageMetrics(perRun)
  const oracle = condition.scheme?.oracle ?? null
  return {
    ...nameOf(condition),
    labelCount: condition.scheme?.count ?? null,
    seeds: perSeed.map(({ seed }) => seed),
    ...metrics,
    perSeed,
    intervals: intervalsOf(resampled),
    accuracyWithinKm: Object.fromEntries(
      nearRadiiKm.map((radiusKm) => [radiusKm, mean(scored.map((run) => shareUnder(run.errorsKm, Number(radiusKm))))]),
    ) as Record<NearRadiusKm, number>,
    coordinatesHead: headMetrics(condition, truth),
    oracle,
    overOracleKm: oracle && overOracle(condition.scheme!, scored, oracle),
    seenPlaces: errorsAt(rowsWhere(condition.training.seenPlace, 1), scored),
    unseenPlaces: errorsAt(rowsWhere(condition.training.seenPlace, 0), scored),
    runs: condition.runs.map(({ id }) => id),
    ...condition.uncertainty,
  }
}

const shareUnder = (errors: Float64Array, radiusKm: number) =>
  errors.reduce((count, errorKm) => count + (errorKm < radiusKm ? 1 : 0), 0) / errors.length

/** Metrics of the coordinates' own head, for a model that has one beside its labels. */
function headMetrics({ runs }: Condition, truth: Points): ConditionResult['coordinatesHead'] {
  const heads = runs.flatMap(({ coordinatesHead }) =>
    coordinatesHead ? [metricsOf(errorsKm(coordinatesHead, truth), null)] : [],
  )
  if (heads.length === 0) return null
  return {
    accuracyAt161Km: mean(heads.map((head) => head.accuracyAt161Km)),
    meanErrorKm: mean(heads.map((head) => head.meanErrorKm)),
    medianErrorKm: mean(heads.map((head) => head.medianErrorKm)),
  }
}

/** What a condition adds to the oracle, over the documents that have a label: the oracle knows no others. */
function overOracle({ of }: TestLabels, scored: ScoredRun[], oracle: Oracle): ConditionResult['overOracleKm'] {
  const { meanErrorKm, medianErrorKm } = errorsAt(
    Array.from(of.keys()).filter((i) => of[i]! >= 0),
    scored,
  )
  if (meanErrorKm === null || medianErrorKm === null) return null
  return { meanErrorKm: meanErrorKm - oracle.meanErrorKm, medianErrorKm: medianErrorKm - oracle.medianErrorKm }
}

const rowsWhere = (flags: Uint8Array, value: 0 | 1) => Array.from(flags.keys()).filter((i) => flags[i] === value)

/** Errors of some documents alone. */
function errorsAt(rows: number[], scored: ScoredRun[]) {
  const errors = scored.map((run) => Float64Array.from(rows, (i) => run.errorsKm[i]!))
  const average = (value: (errors: Float64Array) => number) => (rows.length ? mean(errors.map(value)) : null)
  return {
    documents: rows.length,
    medianErrorKm: average(median),
    meanErrorKm: average((values) => values.reduce((sum, errorKm) => sum + errorKm, 0) / values.length),
  }
}
