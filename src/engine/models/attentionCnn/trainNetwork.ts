import { setImmediate } from 'node:timers/promises'
import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { EpochMetrics } from '#protocol/results.ts'
import { isOutOfMemory } from '#engine/compute/outOfMemory.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import type { StageContext } from '#engine/context.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import type { Points } from '#engine/geo/points.ts'
import { averageWeights } from '#engine/models/learning/averagedWeights.ts'
import { bestEpoch } from '#engine/models/learning/bestEpoch.ts'
import { fitCoordinateScale, toUnitSquare, type CoordinateScale } from '#engine/models/learning/coordinateScale.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { labelDecision } from '#engine/models/learning/placeRule.ts'
import { scoreDevelopment, type DevelopmentFold } from '#engine/models/learning/scoreDevelopment.ts'
import { seededRandom } from '#engine/random.ts'
import { layOutBatch, trainingBatches } from './batches.ts'
import { listParameters, sizeOf, startParameters, type Parameter } from './parameters.ts'
import { predictDocuments, type NetworkWeights } from './predict.ts'
import type { TrainingCheckpoints } from './trainingCheckpoints.ts'
import { trainingStep, type StepState } from './trainingStep.ts'
import { trainableVectors } from './wordVectors.ts'

export interface TrainingInput extends DevelopmentFold {
  documents: EncodedDocuments
  /** Documents' numbers in `documents`. */
  train: Int32Array
  /** Where they are fine-tuned, training works on them in place. */
  vectors: Matrix
}

export interface TrainedNetwork {
  weights: NetworkWeights
  scale: CoordinateScale | null
  epochs: EpochMetrics[]
}

/** What training watches beside its stage context. */
export interface TrainingWatch {
  epoch(metrics: EpochMetrics): void
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
  seed: number,
  checkpoints: TrainingCheckpoints,
  context: StageContext,
  watch: TrainingWatch,
): Promise<TrainedNetwork> {
  const size = { dimensions: input.vectors.columns, labelCount: input.centres.lat.length }
  const parameters = listParameters(settings, size)
  const trainPoints = pointsOf(input.points, input.train)
  const scale = settings.tasks.includes('coordinates') ? fitCoordinateScale(trainPoints, settings.coordinates) : null
  const targets = scale ? toUnitSquare(scale, input.points) : null
  const multiple = settings.pools[0] * settings.pools[1]
  const batchesPerEpoch = Math.ceil(input.train.length / settings.batch)
  const total = settings.epochs * batchesPerEpoch

  const restored = await checkpoints.restore(context.note)
  const vectors = restored?.vectors ?? trainableVectors(input.vectors, settings.fineTune)
  const start = restored?.values ?? startValues(parameters, settings, scale, input, seed)
  const zeros = () => new Float32Array(start.length)
  let state: StepState = {
    vector: {
      values: tf.tensor1d(start),
      first: tf.tensor1d(restored?.first ?? zeros()),
      second: tf.tensor1d(restored?.second ?? zeros()),
    },
    vectors,
    step: restored?.step ?? 0,
    losses: tf.tensor1d(restored?.losses ?? [0, 0]),
  }
  const epochs: EpochMetrics[] = restored?.epochs ?? []
  // Who watches a resumed run sees the whole of its curve.
  for (const metrics of epochs) watch.epoch(metrics)
  let average = restored?.average ?? null
  let elapsedMs = restored?.elapsedMs ?? 0
  let clock = watch.nowMs()
  const tick = () => {
    const now = watch.nowMs()
    elapsedMs += now - clock
    clock = now
  }
  const save = async () => {
    tick()
    const { values, first, second } = state.vector
    await checkpoints.save({
      values: values.dataSync() as Float32Array,
      first: first.dataSync() as Float32Array,
      second: second.dataSync() as Float32Array,
      vectors: state.vectors,
      average,
      step: state.step,
      epochs,
      losses: Array.from(state.losses.dataSync()) as [number, number],
      elapsedMs,
    })
  }

  /** Into how many parts batches are cut, more after each time that the device's memory did not suffice. */
  let parts = 1
  function takeStep(members: Int32Array): StepState {
    const batch = layOutBatch(input.documents, members, multiple)
    const stepTargets = {
      labels: members.map((document) => input.labels[document]!),
      coordinates: targets && Float32Array.from({ length: 2 * members.length }, (_, i) => targets[2 * members[i >> 1]! + (i & 1)]!),
    }
    for (;;) {
      try {
        return trainingStep(tf, settings, parameters, state, batch, stepTargets, seed, parts)
      } catch (error) {
        if (!isOutOfMemory(error) || parts >= members.length) throw error
        parts *= 2
        context.note(`The device has no memory for batches of ${settings.batch} documents: they go through in ${parts} parts, which changes nothing but rounding.`)
      }
    }
  }

  try {
    while (epochs.length < settings.epochs && !exhausted(epochs, settings.patience, input.dev.length)) {
      const epoch = epochs.length + 1
      const batches = trainingBatches(input.documents, input.train, settings.batch, seed, epoch)
      const epochStartMs = elapsedMs
      for (let done = state.step - (epoch - 1) * batchesPerEpoch; done < batches.length; done++) {
        const batch = batches[done]!
        state = takeStep(batch)
        context.report({ done: state.step, total, unit: 'steps' })
        await setImmediate()
        if (context.signal.aborted) await save()
        context.signal.throwIfAborted()
        if (checkpoints.due()) await save()
      }

      tick()
      const { matrix } = state.vectors
      const trained = settings.fineTune ? matrix : null
      average = averageWeights(average, state.vector.values.dataSync() as Float32Array, trained, settings.averaging)
      const weights: NetworkWeights = { settings, parameters, values: average.values, vectors: { ...matrix, values: average.vectors ?? matrix.values } }
      const [labelLoss, coordinateLoss] = state.losses.dataSync()
      const predictions = await predictDocuments(tf, weights, input.documents, input.dev, context)
      const dev = scoreDevelopment(tf, predictions, input, labelDecision(settings.decision))
      const metrics: EpochMetrics = {
        epoch,
        step: state.step,
        trainLoss: labelLoss! / input.train.length,
        coordinateLoss: scale ? coordinateLoss! / input.train.length : null,
        ...dev,
        documentsPerSecond: input.train.length / Math.max(1e-3, (elapsedMs - epochStartMs) / 1000),
        elapsedMs,
        best: input.dev.length === 0 || epochs.every(({ devMeanErrorKm }) => dev.devMeanErrorKm < devMeanErrorKm),
      }
      epochs.push(metrics)
      state.losses.dispose()
      state = { ...state, losses: tf.tensor1d([0, 0]) }
      if (metrics.best) await checkpoints.saveBest(epoch, weights.values, settings.fineTune ? weights.vectors : null)
      await save()
      watch.epoch(metrics)
    }
  } finally {
    tf.dispose([state.vector.values, state.vector.first, state.vector.second, state.losses])
  }
  context.report({ done: total, total, unit: 'steps' })
  const best = await checkpoints.restoreBest(bestEpoch(epochs))
  return { weights: { settings, parameters, values: best.values, vectors: best.vectors ?? input.vectors }, scale, epochs }
}

function exhausted(epochs: EpochMetrics[], patience: number, devCount: number): boolean {
  return devCount > 0 && epochs.length - bestEpoch(epochs) >= patience
}

function startValues(
  parameters: Parameter[],
  settings: AttentionCnnSettings,
  scale: CoordinateScale | null,
  input: TrainingInput,
  seed: number,
): Float32Array {
  const values = startParameters(parameters, seededRandom(seed, 1))
  // The coordinate head starts at the training mean; the paper's scale keeps the paper's start.
  if (scale && settings.coordinates !== 'paper') {
    const unit = toUnitSquare(scale, pointsOf(input.points, input.train))
    let offset = 0
    for (const { name, shape } of parameters) {
      if (name === 'coordinates/bias') {
        for (const axis of [0, 1]) {
          let mean = 0
          for (let i = axis; i < unit.length; i += 2) mean += unit[i]! / input.train.length
          values[offset + axis] = Math.log(mean / (1 - mean))
        }
      }
      offset += sizeOf(shape)
    }
  }
  return values
}

export function pointsOf(points: Points, chosen: Int32Array): Points {
  return {
    lat: Float64Array.from(chosen, (document) => points.lat[document]!),
    lon: Float64Array.from(chosen, (document) => points.lon[document]!),
  }
}
