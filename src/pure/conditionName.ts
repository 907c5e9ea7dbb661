import type { Experiment } from '#protocol/experiment.ts'
import { tasksOf } from '#protocol/models/models.ts'
import type { ConditionName } from '#protocol/comparison.ts'

/** What a scheme and a model of an experiment are, beside their names. */
export function conditionNameOf(
  experiment: Experiment,
  { labels, model, preprocess }: { labels: string | null; model: string; preprocess?: string },
): ConditionName {
  const settings = experiment.models[model]!
  return {
    labels,
    model,
    ...(preprocess === undefined ? {} : { preprocess }),
    labelsMethod: labels === null ? null : experiment.labels[labels]!.method,
    method: settings.method,
    tasks: tasksOf(settings),
  }
}
