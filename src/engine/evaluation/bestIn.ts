import type { Difference, MetricName, MetricValues } from '#protocol/comparison.ts'
import { metricNames } from '#protocol/comparison.ts'
import { isBetter, significance } from '#pure/metricRules.ts'

/** Figures, and the label set whose labels the accuracy counts. */
type Scored = MetricValues & { scheme: string | null }

/**
 * The metrics in which a condition is best by differences that hold: better than every other condition with Holm's p
 * under the level, and than every floor. Accuracy counts exact labels, so it is compared within a label set only.
 * @param floors those that the condition has to be better than
 */
export function bestIn(
  condition: Scored & { name: string },
  conditions: (Scored & { name: string })[],
  floors: Scored[],
  differences: Difference[],
): MetricName[] {
  return metricNames.filter((metric) => {
    const value = condition[metric]
    const comparable = (other: Scored) => metric !== 'accuracy' || other.scheme === condition.scheme
    const beats = (other: number | null) => value !== null && (other === null || isBetter(metric, value, other))
    const holdsAgainst = (other: string) =>
      differences.some(
        ({ a, b, metric: of, pHolm }) =>
          of === metric &&
          pHolm < significance &&
          ((a === condition.name && b === other) || (a === other && b === condition.name)),
      )
    const rivals = conditions.filter((other) => other.name !== condition.name && comparable(other))
    return (
      rivals.length > 0 &&
      rivals.every((other) => beats(other[metric]) && holdsAgainst(other.name)) &&
      floors.filter(comparable).every((floor) => beats(floor[metric]))
    )
  })
}
