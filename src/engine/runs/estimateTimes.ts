import { drawnSplit, type Experiment } from '#protocol/experiment.ts'
import type { MachineProfile } from '#protocol/machine.ts'
import { methodOf } from '#engine/models/methods.ts'
import type { CorpusSize } from './corpusSize.ts'
import { dimensionsOf } from './embeddingDimensions.ts'
import type { PlannedStep } from './planExperiment.ts'

/**
 * Milliseconds that a step will take on a measured machine, or null where nobody can tell. Training is given for all of
 * its epochs: early stopping ends it before.
 * @param labelCount labels of a scheme, or null where they are not made yet
 */
export function estimateMs(
  step: PlannedStep,
  { embeddings, models, corpus }: Experiment,
  size: CorpusSize,
  labelCount: (labels: string) => number | null,
  profile: MachineProfile,
): number | null {
  const { stage } = step
  if (stage === 'vocabulary') return (1000 * size.words) / profile.tokensPerSecond
  if (stage === 'embedding') {
    if (embeddings.method !== 'skip-gram') return 0
    const words = size.words * (size.trainDocuments / size.documents) * embeddings.epochs
    return 1000 * words * secondsPerWord(profile, embeddings.dimensions)
  }
  if (stage !== 'training') return null
  const settings = models[step.model!]!
  const devShare = corpus.dev ? 0.1 : (drawnSplit(corpus)?.dev ?? 0.1)
  return methodOf(settings).estimateMs(
    settings,
    {
      trainDocuments: size.trainDocuments,
      devDocuments: devShare * size.documents,
      wordsPerDocument: size.words / size.documents,
      vocabulary: size.vocabulary,
      dimensions: dimensionsOf(embeddings),
      labelCount: (step.labels ? labelCount(step.labels) : null) ?? usualLabelCount,
    },
    profile,
  )
}

/** A guess where a label set is not made yet; it matters little for a step's cost. */
const usualLabelCount = 300

/** A word costs something by itself, and something a dimension. */
function secondsPerWord({ skipGram }: MachineProfile, dimensions: number): number {
  const [few, many] = [skipGram[0]!, skipGram.at(-1)!]
  const slope = (1 / many.wordsPerSecond - 1 / few.wordsPerSecond) / (many.dimensions - few.dimensions)
  return Math.max(0.2 / few.wordsPerSecond, 1 / few.wordsPerSecond + slope * (dimensions - few.dimensions))
}
