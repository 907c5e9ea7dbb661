import { filesOfCorpus, type Experiment } from '#protocol/experiment.ts'
import type { PlanStep } from '#protocol/project.ts'
import { filesOfModel } from '#protocol/models/models.ts'
import { schemeOf } from '#engine/labels/schemes.ts'

/** The files of an experiment that a step reads beside artefacts, absolute. */
export function sourceFiles(
  { corpus, labels, embeddings, models }: Experiment,
  step: Pick<PlanStep, 'stage' | 'labels' | 'model'>,
): string[] {
  switch (step.stage) {
    case 'import':
      return filesOfCorpus(corpus)
    case 'labels': {
      const settings = labels[step.labels!]!
      return schemeOf(settings).inputFiles?.(settings) ?? []
    }
    case 'embedding':
      return embeddings.method === 'file' ? [embeddings.file] : []
    case 'training':
      return filesOfModel(models[step.model!]!)
    default:
      return []
  }
}
