import type { Comparison } from '#protocol/comparison.ts'
import type { EvaluationSettings } from '#protocol/experiment.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { compareConditions, type ComparedConditions } from './compareConditions.ts'
import { contrastsOf } from './contrasts.ts'
import type { Condition } from './condition.ts'

export interface ComparisonInput {
  experiment: string
  synthetic: boolean
  /** The test documents. */
  truth: Points
  countries?: ComparedConditions['countries']
  units: ComparedConditions['units']
  conditions: Condition[]
  settings: Comparison['settings']
  evaluation: Pick<EvaluationSettings, 'resamples' | 'seed' | 'contrasts'>
  warnings?: string[]
}

/** The comparison table of one experiment: conditions, floors, and every pair of them on the one test. */
export async function compareRuns(input: ComparisonInput, context: StageContext): Promise<Comparison> {
  const { experiment, synthetic, truth, countries = null, units, conditions, settings, evaluation } = input
  const names = conditions.map(conditionKey)
  const contrasts = contrastsOf(conditions, evaluation.contrasts)
  const { test, results, floors, differences, warnings } = await compareConditions(
    { truth, countries, units, conditions, names, contrasts, resamples: evaluation.resamples, seed: evaluation.seed },
    context,
  )
  return {
    experiment,
    synthetic,
    test,
    settings,
    results: [...results, ...floors.map(({ row }) => row)],
    differences,
    warnings: [...(input.warnings ?? []), ...warnings],
  }
}
