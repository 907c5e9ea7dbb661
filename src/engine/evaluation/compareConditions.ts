import type { ConditionResult, Difference, FloorResult, TestDescription } from '#protocol/comparison.ts'
import { metricNames } from '#protocol/comparison.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { bestIn } from './bestIn.ts'
import { holm, interval, intervalsOf, pairedP, resampleMetrics, type ResampledMetrics } from './bootstrap.ts'
import { conditionResult, type Unranked } from './conditionResult.ts'
import type { Condition, TestCountries } from './condition.ts'
import type { Contrast } from './contrasts.ts'
import { floorsOf, floorWarnings, isFloorOf } from './floors.ts'
import { metricsOf } from './metrics.ts'
import { scoreRuns } from './scoreRuns.ts'
import { unlabelledWarnings } from './unlabelledWarnings.ts'

export interface ComparedConditions {
  /** The test documents. */
  truth: Points
  /** null where they lie in one country, or nobody asks. */
  countries: TestCountries | null
  units: { unit: TestDescription['unit']; clusterOf: Int32Array; clusters: number }
  conditions: Condition[]
  /** What each condition is called in differences and warnings; no two alike. */
  names: string[]
  contrasts: Contrast[]
  /** At least; see `resamplesFor`. */
  resamples: number
  seed: number
}

export interface ComparedResults {
  test: TestDescription
  /** In the order of the conditions. */
  results: ConditionResult[]
  floors: { experiment: string; row: FloorResult }[]
  differences: Difference[]
  /** Where test documents have no label, and where a condition is not surely better than a floor. */
  warnings: string[]
}

/** Conditions, floors, and every pair of them by paired bootstrap on the one test. */
export async function compareConditions(input: ComparedConditions, context: StageContext): Promise<ComparedResults> {
  const { truth, countries, units, conditions, names } = input
  const scored = conditions.map((condition) => scoreRuns(condition, truth, countries))
  const floors = floorsOf(conditions, truth, countries)
  const resamples = resamplesFor(conditions.length, input.resamples)
  const resampled = await resampleMetrics(
    [...scored, ...floors.map(({ scored: run }) => [run])],
    { clusterOf: units.clusterOf, clusters: units.clusters, resamples, seed: input.seed },
    context,
  )
  const results = conditions.map((condition, i) => conditionResult(condition, truth, scored[i]!, resampled[i]!))
  const floorRows = floors.map((floor, i) => {
    const metrics = resampled[conditions.length + i]!
    const figures = metricsOf(floor.scored.errorsKm, floor.scored.right, floor.scored.inCountry)
    return { floor, resampled: metrics, figures: { ...floor.row, ...figures, intervals: intervalsOf(metrics) } }
  })
  const differences = differencesOf(input, results, resampled)
  const scoredAs = (i: number) => ({ ...results[i]!, name: names[i]!, scheme: conditions[i]!.scheme?.id ?? null })
  const warnings = floorWarnings(
    conditions.map((condition, i) => ({
      name: names[i]!,
      condition,
      figures: results[i]!,
      resampled: resampled[i]!,
    })),
    floorRows,
  )
  return {
    test: { documents: truth.lat.length, unit: units.unit, clusters: units.clusters, resamples },
    results: results.map((row, i) => ({
      ...row,
      bestIn: bestIn(
        scoredAs(i),
        results.map((_, j) => scoredAs(j)),
        floorRows
          .filter(({ floor }) => isFloorOf(floor, conditions[i]!))
          .map(({ floor, figures }) => ({ ...figures, scheme: floor.scheme?.id ?? null })),
        differences,
      ),
    })),
    floors: floorRows.map(({ floor, figures }) => ({ experiment: floor.experiment, row: figures })),
    differences,
    warnings: [...unlabelledWarnings(conditions), ...warnings],
  }
}

/**
 * With B resamples the least p is 1 / (B + 1), and Holm's correction multiplies it by the number of pairs: with too few
 * resamples nothing could hold. A hundred for each pair leave the least corrected p at a hundredth.
 */
function resamplesFor(conditionCount: number, wanted: number): number {
  const pairs = (conditionCount * (conditionCount - 1)) / 2
  return Math.max(wanted, Math.min(mostAdded, 100 * pairs))
}
/** More are taken only where the experiment file asks for them. */
const mostAdded = 200_000

function differencesOf(
  { conditions, names, contrasts }: ComparedConditions,
  results: Unranked[],
  resampled: ResampledMetrics[],
): Difference[] {
  const chosen = new Set(contrasts.map(([i, j]) => `${i} ${j}`))
  const found: Omit<Difference, 'pHolm'>[] = []
  results.forEach((a, i) => {
    for (let j = i + 1; j < results.length; j++) {
      for (const metric of metricNames) {
        // Accuracies over different labels are answers to different questions.
        if (metric === 'accuracy' && conditions[i]!.scheme?.id !== conditions[j]!.scheme?.id) continue
        const [ofA, ofB] = [resampled[i]![metric], resampled[j]![metric]]
        if (!ofA || !ofB) continue
        const difference = results[j]![metric]! - a[metric]!
        const differences = ofB.map((value, k) => value - ofA[k]!)
        found.push({
          a: names[i]!,
          b: names[j]!,
          metric,
          difference,
          interval: interval(differences),
          p: pairedP(difference, differences),
          contrast: chosen.has(`${i} ${j}`),
        })
      }
    }
  })
  const corrected = new Map<Omit<Difference, 'pHolm'>, number>()
  for (const metric of metricNames) {
    const all = found.filter((difference) => difference.metric === metric)
    for (const family of [all, all.filter(({ contrast }) => contrast)]) {
      holm(family.map(({ p }) => p)).forEach((p, i) => corrected.set(family[i]!, p))
    }
  }
  return found.map((difference) => ({ ...difference, pHolm: corrected.get(difference)! }))
}
