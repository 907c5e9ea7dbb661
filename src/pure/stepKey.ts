import type { StageName } from '#protocol/project.ts'
import { conditionKey, variantSuffix } from './conditionKey.ts'

/**
 * What `--only` calls a step: `import`, `vocabulary`, `labels/kd`, `embedding`, `kd/mtl/2`, or `nb` where there are neither labels
 * nor seeds; with variants of the texts `vocabulary@all`, `embedding@all`, `kd/mtl@all/2`.
 */
export function stepKey(step: {
  stage: StageName
  labels?: string | null
  model?: string
  preprocess?: string
  seed?: number | null
}): string {
  if (step.stage === 'labels') return `labels/${step.labels}`
  if (step.stage !== 'training') return `${step.stage}${variantSuffix(step.preprocess)}`
  const condition = conditionKey({ ...step, labels: step.labels ?? null, model: step.model! })
  return step.seed == null ? condition : `${condition}/${step.seed}`
}
