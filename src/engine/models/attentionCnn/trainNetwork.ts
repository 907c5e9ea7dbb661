import { setImmediate } from 'node:timers/promises'
import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt } from '#engine/corpus/corpusFolds.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { bestEpoch, isExhausted } from '#engine/models/learning/bestEpoch.ts'
import {
  fitCoordinateScale,
  toDegrees,
  toUnitSquare,
  type CoordinateScale,
} from '#engine/models/learning/coordinateScale.ts'
import { labelDecision } from '#engine/models/learning/placeRule.ts'
import { requireConvergence } from '#engine/models/learning/requireConvergence.ts'
import { scoreDevelopment, scoreGuesses } from '#engine/models/learning/scoreDevelopment.ts'
import { targetRows, targetsAsSet, type Targets } from '#engine/models/learning/targets.ts'
import type { TrainingData } from '#engine/models/method.ts'
import { layOutBatch, trainingBatches } from './batches.ts'
import { dividedStep } from './dividedStep.ts'
import { listParameters } from './parameters.ts'
import { predictDocuments, type NetworkPredictions, type NetworkWeights } from './predict.ts'
import { startValues } from './startValues.ts'
import type { TrainingCheckpoints } from './trainingCheckpoints.ts'
import { TrainingProgress, untrained } from './trainingProgress.ts'
import type { StepDocuments } from './trainingStep.ts'
import { trainableVectors } from './wordVectors.ts'

export interface TrainingInput extends Pick<TrainingData, 'train' | 'dev' | 'points' | 'labels'> {
  documents: EncodedDocuments
  /** Where they are fine-tuned, training works on them in place. */
  vectors: Matrix
}

export interface TrainedNetwork {
  weights: NetworkWeights
  scale: CoordinateScale | null
  /** Share of each label that the network was trained towards; null without labels. */
  prior: Float64Array | null
  epochs: EpochMetrics[]
}

/** What a run has of its own. */
export interface NetworkTask {
  seed: number
  checkpoints: TrainingCheckpoints
  context: StageContext
  onEpoch(metrics: EpochMetrics): void
  /** Milliseconds since any fixed instant: for rates and for the age of checkpoints, never for results. */
  nowMs(): number
}

/**
 * Trains the network and keeps the epoch whose average of weights has the lowest development mean error; stops after
 * `patience` epochs without a better one. Without development documents every epoch is trained and the last is kept.
 * A checkpoint continues to the same bits on one device and thread count.
 */
export async function trainNetwork(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  input: TrainingInput,
  { seed, checkpoints, context, onEpoch, nowMs }: NetworkTask,
): Promise<TrainedNetwork> {
  const parameters = listParameters(settings, {
    dimensions: input.vectors.columns,
    labelCount: input.labels?.centres.lat.length ?? 0,
  })
  const plan = { settings, parameters, seed }
  const trainPoints = pointsAt(input, input.train)
  const scale = settings.tasks.includes('coordinates') ? fitCoordinateScale(trainPoints, settings.coordinates) : null
  const batchesPerEpoch = Math.ceil(input.train.length / settings.batch)
  const total = settings.epochs * batchesPerEpoch
  const targets = input.labels && (await targetsAsSet(settings.targets, { ...input, ...input.labels }, context))
  const documentsOf = stepDocuments(settings, input, targets, scale)
  const takeStep = dividedStep(tf, plan, context.note)

  const restored = await checkpoints.restore(context.note)
  const progress = new TrainingProgress(
    tf,
    restored ?? untrained(startValues(plan, scale, trainPoints), trainableVectors(input.vectors, settings.fineTune)),
    nowMs,
  )
  const { epochs } = progress
  const save = () => checkpoints.save(progress.snapshot())
  // A resumed run tells the epochs before its interruption too, so that its curve is whole.
  for (const metrics of epochs) onEpoch(metrics)

  try {
    while (epochs.length < settings.epochs && !isExhausted(epochs, settings.patience, input.dev.length)) {
      const epoch = epochs.length + 1
      const batches = trainingBatches(input.documents, input.train, settings.batch, seed, epoch)
      const startMs = progress.elapsedMs
      for (let done = progress.step.step - (epoch - 1) * batchesPerEpoch; done < batches.length; done++) {
        progress.step = takeStep(progress.step, documentsOf(batches[done]!))
        context.report({ done: progress.step.step, total, unit: 'steps' })
        await setImmediate()
        if (context.signal.aborted) await save()
        context.signal.throwIfAborted()
        if (checkpoints.due()) await save()
      }

      const { elapsedMs } = progress
      const [labelLoss, coordinateLoss] = progress.takeLosses()
      const { values, vectors } = progress.average(settings.averaging, settings.fineTune)
      requireConvergence(epoch, [labelLoss, coordinateLoss], values, settings.learningRate)
      const { matrix } = progress.step.vectors
      const weights: NetworkWeights = {
        settings,
        parameters,
        values,
        vectors: { ...matrix, values: vectors ?? matrix.values },
      }
      const predictions = await predictDocuments(tf, weights, input.documents, input.dev, context)
      const dev = scoreNetwork(tf, settings, input, predictions, scale)
      const metrics: EpochMetrics = {
        epoch,
        step: progress.step.step,
        trainLoss: (targets ? labelLoss : coordinateLoss) / input.train.length,
        coordinateLoss: targets && scale ? coordinateLoss / input.train.length : null,
        ...dev,
        documentsPerSecond: input.train.length / Math.max(1e-3, (elapsedMs - startMs) / 1000),
        elapsedMs,
        best: input.dev.length === 0 || epochs.every(({ devMeanErrorKm }) => dev.devMeanErrorKm < devMeanErrorKm),
      }
      epochs.push(metrics)
      if (metrics.best) await checkpoints.saveBest(epoch, weights.values, settings.fineTune ? weights.vectors : null)
      await save()
      onEpoch(metrics)
    }
  } finally {
    progress.dispose()
  }
  context.report({ done: total, total, unit: 'steps' })
  const best = await checkpoints.restoreBest(bestEpoch(epochs))
  return {
    weights: { settings, parameters, values: best.values, vectors: best.vectors ?? input.vectors },
    scale,
    prior: targets && targets.prior,
    epochs,
  }
}

/** The development fold by what a network says of it: by its labels, or, of coordinates alone, by these. */
function scoreNetwork(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  { dev, points, labels }: TrainingInput,
  { posterior, coordinates }: NetworkPredictions,
  scale: CoordinateScale | null,
) {
  if (posterior) {
    const fold = { dev, points, labels: labels!.of, centres: labels!.centres }
    return scoreDevelopment(tf, posterior, fold, labelDecision(settings.decision))
  }
  const wanted = toUnitSquare(scale!, pointsAt({ points }, dev))
  const lengths = Array.from(dev, (_, i) =>
    Math.hypot(coordinates![2 * i]! - wanted[2 * i]!, coordinates![2 * i + 1]! - wanted[2 * i + 1]!),
  )
  const devLoss = lengths.reduce((sum, length) => sum + length, 0) / (Math.SQRT2 * Math.max(1, dev.length))
  return { devLoss, ...scoreGuesses(toDegrees(scale!, coordinates!), { dev, points }) }
}

/** What lays out the documents of a batch, with their labels and, of a network with a coordinate head, their places. */
function stepDocuments(
  settings: AttentionCnnSettings,
  input: TrainingInput,
  targets: Targets | null,
  scale: CoordinateScale | null,
): (members: Int32Array) => StepDocuments {
  const places = scale ? toUnitSquare(scale, input.points) : null
  const multiple = settings.pools[0] * settings.pools[1]
  return (members) => ({
    batch: layOutBatch(input.documents, members, multiple),
    targets: {
      labels: targets && targetRows(targets, members),
      coordinates:
        places && Float32Array.from({ length: 2 * members.length }, (_, i) => places[2 * members[i >> 1]! + (i & 1)]!),
    },
  })
}
