import type { ComparisonSlices } from '#protocol/comparison.ts'
import type { Points } from '#engine/geo/points.ts'
import { nameOf, type Condition } from './condition.ts'
import { metricsOf } from './metrics.ts'
import { averageMetrics, scoreRuns } from './scoreRuns.ts'

/**
 * Results of conditions on each part of the test fold.
 * @param column the parts' values, and of each test document the number of its own, -1 for none
 * @returns the largest part first; of equal ones in the order of their values
 */
export function sliceResults(
  conditions: Condition[],
  truth: Points,
  { values, codes }: { values: string[]; codes: Int32Array },
): ComparisonSlices['slices'] {
  const documents = new Map<number, number[]>()
  codes.forEach((code, document) => {
    const part = documents.get(code)
    if (part) part.push(document)
    else documents.set(code, [document])
  })
  const scored = conditions.map((condition) => scoreRuns(condition, truth))
  return [...documents]
    .map(([code, part]) => ({
      value: code < 0 ? null : values[code]!,
      documents: part.length,
      results: conditions.map((condition, i) => ({
        ...nameOf(condition),
        ...averageMetrics(
          scored[i]!.map(({ errorsKm, right }) =>
            metricsOf(
              Float64Array.from(part, (d) => errorsKm[d]!),
              right && Uint8Array.from(part, (d) => right[d]!),
            ),
          ),
        ),
      })),
    }))
    .sort((a, b) => b.documents - a.documents || ((a.value ?? '') < (b.value ?? '') ? -1 : 1))
}
