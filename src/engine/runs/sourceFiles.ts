import { filesOfCorpus, type Experiment } from '#protocol/experiment.ts'
import type { PlanStep } from '#protocol/project.ts'
import { schemeOf } from '#engine/labels/schemes.ts'

/** The files of an experiment that a step reads beside artefacts, absolute. */
export function sourceFiles(
  { corpus, labels, embeddings }: Experiment,
  step: Pick<PlanStep, 'stage' | 'labels'>,
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
    default:
      return []
  }
}
