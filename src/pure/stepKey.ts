import type { StageName } from '#protocol/project.ts'
import { conditionKey } from './conditionKey.ts'

/** What `--only` calls a step: `import`, `vocabulary`, `labels/kd`, `embedding`, `kd/mtl/2`, or `nb` where there are neither labels nor seeds. */
export function stepKey(step: {
  stage: StageName
  labels?: string | null
  model?: string
  seed?: number | null
}): string {
  if (step.stage === 'labels') return `labels/${step.labels}`
  if (step.stage !== 'training') return step.stage
  const condition = conditionKey({ labels: step.labels ?? null, model: step.model! })
  return step.seed == null ? condition : `${condition}/${step.seed}`
}
