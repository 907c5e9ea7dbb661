import { drawnSplit, type Experiment } from '#protocol/experiment.ts'
import type { MachineProfile } from '#protocol/machine.ts'
import { networkCost } from '#engine/models/attentionCnn/networkCost.ts'
import type { CorpusSize } from './corpusSize.ts'
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
  const { documents, trainDocuments, vocabulary } = size
  const wordsPerDocument = size.words / documents
  const batchOf = (count: number) => {
    const positions = count * wordsPerDocument * paddingShare
    return { documents: count, positions, distinctWords: distinctWords(positions, vocabulary) }
  }
  const dimensions = embeddings.method === 'file' ? 300 : embeddings.dimensions
  const cost = networkCost(settings, { dimensions, labelCount: labelCount(step.labels!) ?? usualLabelCount }, batchOf(settings.batch))
  const { perStep, perOperation, perParameter } = stepCosts(profile)
  const devShare = corpus.dev ? 0.1 : (drawnSplit(corpus)?.dev ?? 0.1)
  const stepsAnEpoch = trainDocuments / settings.batch + (devShare * documents * cost.forward) / (cost.step * settings.batch)
  const secondsAStep = perStep + perOperation * cost.step + perParameter * cost.parameters
  return 1000 * settings.epochs * stepsAnEpoch * secondsAStep
}

/** Batches of like length pad about this much. */
const paddingShare = 1.1
/** A guess where a label set is not made yet; it matters little for a step's cost. */
const usualLabelCount = 300

/** Distinct words among running words by Heaps' law, with the constants of the sample corpus. */
const distinctWords = (words: number, vocabulary: number) => Math.min(vocabulary, 1.2 * words ** 0.87)

/** A word costs something by itself, and something a dimension. */
function secondsPerWord({ skipGram }: MachineProfile, dimensions: number): number {
  const [few, many] = [skipGram[0]!, skipGram.at(-1)!]
  const slope = (1 / many.wordsPerSecond - 1 / few.wordsPerSecond) / (many.dimensions - few.dimensions)
  return Math.max(0.2 / few.wordsPerSecond, 1 / few.wordsPerSecond + slope * (dimensions - few.dimensions))
}

/**
 * What a training step costs at all, an operation of its products, and a parameter: the plane through the three measured
 * steps, or, where noise bends that below zero, operations alone.
 */
function stepCosts({ steps }: MachineProfile): { perStep: number; perOperation: number; perParameter: number } {
  const [a, b, c] = [steps[0]!, steps[1]!, steps[2]!]
  const determinant = (p: number[], q: number[], r: number[]) =>
    p[0]! * (q[1]! * r[2]! - q[2]! * r[1]!) - p[1]! * (q[0]! * r[2]! - q[2]! * r[0]!) + p[2]! * (q[0]! * r[1]! - q[1]! * r[0]!)
  const solve = (column: number) => {
    const row = ({ operations, parameters, seconds }: typeof a, replaced: boolean) => {
      const values = [1, operations, parameters]
      if (replaced) values[column] = seconds
      return values
    }
    const determinantOf = (replaced: boolean) => determinant(row(a, replaced), row(b, replaced), row(c, replaced))
    return determinantOf(true) / determinantOf(false)
  }
  const [perStep, perOperation, perParameter] = [solve(0), solve(1), solve(2)]
  if (perStep >= 0 && perOperation > 0 && perParameter >= 0) return { perStep, perOperation, perParameter }
  return { perStep: 0, perOperation: Math.max(...steps.map(({ operations, seconds }) => seconds / operations)), perParameter: 0 }
}
