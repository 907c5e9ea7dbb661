import type { ConditionResult, Difference, FloorResult, MetricName } from '#protocol/comparison.ts'
import { metricNames } from '#protocol/comparison.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { isBetter, isComparable, significance } from '#pure/metricRules.ts'

type Scored = Pick<ConditionResult, 'labels' | 'model' | MetricName>

/**
 * The metrics in which a condition is best by differences that hold: better than every other condition with Holm's p
 * under the level, and than every floor. Accuracy counts exact labels, so it is compared within a scheme only.
 */
export function bestIn(
  condition: Scored,
  conditions: Scored[],
  floors: Pick<FloorResult, 'labels' | MetricName>[],
  differences: Difference[],
): MetricName[] {
  const key = conditionKey(condition)
  return metricNames.filter((metric) => {
    const value = condition[metric]
    const comparable = (other: { labels: string | null }) => isComparable(metric, condition, other)
    const beats = (other: number | null) => value !== null && (other === null || isBetter(metric, value, other))
    const holdsAgainst = (other: string) =>
      differences.some(
        ({ a, b, metric: of, pHolm }) =>
          of === metric && pHolm < significance && ((a === key && b === other) || (a === other && b === key)),
      )
    const rivals = conditions.filter((other) => conditionKey(other) !== key && comparable(other))
    return (
      rivals.length > 0 &&
      rivals.every((other) => beats(other[metric]) && holdsAgainst(conditionKey(other))) &&
      floors.filter(comparable).every((floor) => beats(floor[metric]))
    )
  })
}
