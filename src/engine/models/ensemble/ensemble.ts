import type { EnsembleSettings } from '#protocol/models/ensemble.ts'
import { ensembleOf } from '#engine/models/learning/ensembleOf.ts'
import type { ModelMethod } from '#engine/models/method.ts'

/** The average of models that are there: nothing is trained but the decision, which is fitted as every model's is. */
export const ensemble: ModelMethod<EnsembleSettings> = {
  version: 1,
  train: (settings, { parts }) => Promise.resolve(ensembleOf(settings, parts!)),
  // What its models take to read the documents once more, which nobody has timed.
  estimateMs: () => null,
  resources: () => ({ diskBytes: 0, memoryBytes: 1 << 30 }),
}
