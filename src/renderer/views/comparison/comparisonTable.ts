import {
  metricNames,
  type Comparison,
  type ConditionResult,
  type Difference,
  type FloorResult,
  type Interval,
  type MetricName,
  type ToldMetric,
} from '#protocol/comparison.ts'
import { isBest, settingCells } from '#pure/comparison/rows.ts'
import { conditionKey, variantSuffix } from '#pure/conditionKey.ts'
import { isBetter, isComparable } from '#pure/metricRules.ts'

export interface ComparisonCell {
  value: number | null
  interval: Interval | null
  perSeed: number[]
  /** Best of its column, as the engine has tested it. */
  holds: boolean
  /** A floor row is as good or better. */
  belowFloor: boolean
}

export interface ComparisonRow {
  /** `labels/model` or `labels/model@variant`, as the differences name it. */
  key: string
  condition: ConditionResult | null
  labels: string | null
  model: string
  /** Of the settings in which variants of the texts differ, in their order. */
  settings: string[]
  labelCount: number | null
  cells: Record<ToldMetric, ComparisonCell>
}

export function isCondition(result: ConditionResult | FloorResult): result is ConditionResult {
  return 'seeds' in result
}

/** Rows of the comparison: conditions in the engine's order, then floors. */
export function comparisonRows(comparison: Comparison): ComparisonRow[] {
  const conditions = comparison.results.filter(isCondition)
  const floors = comparison.results.filter((result) => !isCondition(result))
  const cellOf = (result: ConditionResult | FloorResult, metric: ToldMetric): ComparisonCell => {
    const value = result[metric] ?? null
    const cell: ComparisonCell = {
      value,
      interval: result.intervals[metric] ?? null,
      perSeed: isCondition(result) ? result.perSeed.flatMap((seed) => seed[metric] ?? []) : [],
      holds: isBest(result, metric),
      belowFloor: false,
    }
    if (!isCondition(result) || value === null) return cell
    cell.belowFloor = floors.some((floor) => {
      const other = floor[metric] ?? null
      return other !== null && isComparable(metric, floor, result) && !isBetter(metric, value, other)
    })
    return cell
  }
  return [...conditions, ...floors].map((result: Comparison['results'][number]) => ({
    key: conditionKey(result),
    condition: isCondition(result) ? result : null,
    labels: result.labels,
    model: `${result.model}${isCondition(result) ? variantSuffix(result.preprocess) : ''}`,
    settings: settingCells(result, comparison.differing ?? []),
    labelCount: result.labelCount,
    cells: Object.fromEntries(
      [...metricNames, 'accuracyAtCountry' as const].map((metric) => [metric, cellOf(result, metric)]),
    ) as ComparisonRow['cells'],
  }))
}

/**
 * The range that the small charts of a column share. It is that of the conditions, so that their intervals can be
 * told apart; a floor that is further off than half of it stands outside, and its chart says so with an arrow.
 */
export function columnRange(rows: ComparisonRow[], metric: ToldMetric): [number, number] {
  const valuesOf = ({ cells }: ComparisonRow) => {
    const { value, interval, perSeed } = cells[metric]
    return value === null ? [] : [value, ...(interval ?? []), ...perSeed]
  }
  const conditions = rows.filter(({ condition }) => condition !== null).flatMap(valuesOf)
  const values = conditions.length > 0 ? conditions : rows.flatMap(valuesOf)
  if (values.length === 0) return [0, 1]
  let low = Math.min(...values)
  let high = Math.max(...values)
  const near = (high - low) / 2
  for (const floor of rows) {
    const ends = floor.condition === null ? valuesOf(floor) : []
    if (ends.length === 0 || Math.min(...ends) < low - near || Math.max(...ends) > high + near) continue
    low = Math.min(low, ...ends)
    high = Math.max(high, ...ends)
  }
  const room = (high - low || Math.abs(high) || 1) * 0.06
  return [low - room, high + room]
}

/** Metrics in which no condition is better than every floor: the models have learned nothing there that counts. */
export function metricsWithoutGain(rows: ComparisonRow[]): MetricName[] {
  const conditions = rows.filter(({ condition }) => condition !== null)
  return metricNames.filter((metric) => {
    const cells = conditions.map(({ cells }) => cells[metric]).filter(({ value }) => value !== null)
    return cells.length > 0 && cells.every(({ belowFloor }) => belowFloor)
  })
}

/** The differences of one metric, those that hold first, then by p. */
export function differencesOf(comparison: Comparison, metric: MetricName): Difference[] {
  return comparison.differences
    .filter((difference) => difference.metric === metric)
    .sort((a, b) => a.pHolm - b.pHolm || a.p - b.p)
}
