import type { MlpSettings } from '#protocol/models/mlp.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import type { StageContext } from '#engine/context.ts'
import { isExhausted } from '#engine/models/learning/bestEpoch.ts'
import type { TrainedVector } from '#engine/models/learning/optimisers.ts'
import { labelDecision } from '#engine/models/learning/placeRule.ts'
import type { Posterior } from '#engine/models/learning/posterior.ts'
import { requireConvergence } from '#engine/models/learning/requireConvergence.ts'
import { scoreDevelopment, type DevelopmentFold } from '#engine/models/learning/scoreDevelopment.ts'
import { targetRows, type Targets } from '#engine/models/learning/targets.ts'
import type { TfIdfRows } from '#engine/models/learning/tfIdf.ts'
import type { TrainingTask } from '#engine/models/method.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import { denseRows, logProbabilities, sizeOf, startWeights, trainStep, type PerceptronShape } from './perceptron.ts'

/** Documents whose answers are computed at once. */
const rowsAtOnce = 256

export interface MlpInput extends DevelopmentFold {
  shape: PerceptronShape
  /** Of the training documents. */
  rows: TfIdfRows
  train: Int32Array
  targets: Targets
  devRows: TfIdfRows
}

/**
 * Trains by Adam on shuffled batches and keeps the epoch of lowest development mean error; stops after `patience` epochs
 * without a better one. Without development documents every epoch is trained and the last is kept.
 */
export async function trainMlp(
  tf: TensorFlow,
  settings: MlpSettings,
  input: MlpInput,
  { seed, context, onEpoch, nowMs }: Pick<TrainingTask, 'context' | 'onEpoch' | 'nowMs'> & { seed: number },
): Promise<{ weights: Float32Array; epochs: EpochMetrics[] }> {
  const { shape, rows, train, targets } = input
  const random = seededRandom(seed)
  const size = sizeOf(shape)
  let vector: TrainedVector = {
    values: tf.tensor1d(startWeights(shape, random)),
    first: tf.zeros([size]),
    second: tf.zeros([size]),
  }
  let best = new Float32Array(0)
  const epochs: EpochMetrics[] = []
  const order = Int32Array.from(train.keys())
  const total = settings.epochs * Math.ceil(order.length / settings.batch)
  let step = 0
  const started = nowMs()
  try {
    while (epochs.length < settings.epochs && !isExhausted(epochs, settings.patience, input.dev.length)) {
      random.shuffle(order)
      let loss = 0
      const epochStarted = nowMs()
      for (let from = 0; from < order.length; from += settings.batch) {
        const chosen = order.slice(from, from + settings.batch)
        const truth = targetRows(
          targets,
          chosen.map((row) => train[row]!),
        )
        const took = trainStep(tf, vector, shape, { rows, chosen, truth }, { ...settings, seed, step: ++step })
        vector = took.vector
        loss += (took.loss * chosen.length) / order.length
        context.report({ done: step, total, unit: 'steps' })
        await pause(context)
      }
      const elapsedMs = nowMs() - started
      const values = vector.values.dataSync() as Float32Array
      requireConvergence(epochs.length + 1, [loss], values, settings.learningRate)
      const posterior = await posteriorOfRows(tf, values, shape, input.devRows, context)
      const dev = scoreDevelopment(tf, posterior, input, labelDecision(settings.decision))
      const metrics: EpochMetrics = {
        epoch: epochs.length + 1,
        step,
        trainLoss: loss,
        coordinateLoss: null,
        ...dev,
        documentsPerSecond: order.length / Math.max(1e-3, (nowMs() - epochStarted) / 1000),
        elapsedMs,
        best: input.dev.length === 0 || epochs.every(({ devMeanErrorKm }) => dev.devMeanErrorKm < devMeanErrorKm),
      }
      epochs.push(metrics)
      if (metrics.best) best = values.slice()
      onEpoch(metrics)
    }
  } finally {
    tf.dispose([vector.values, vector.first, vector.second])
  }
  return { weights: best, epochs }
}

/** log P(label | row) of all rows. */
export async function posteriorOfRows(
  tf: TensorFlow,
  weights: Float32Array,
  shape: PerceptronShape,
  rows: TfIdfRows,
  context: Pick<StageContext, 'signal'>,
): Promise<Posterior> {
  const count = rows.starts.length - 1
  const all = new Float32Array(count * shape.labels)
  const values = tf.tensor1d(weights)
  try {
    for (let from = 0; from < count; from += rowsAtOnce) {
      const chosen = Int32Array.from({ length: Math.min(rowsAtOnce, count - from) }, (_, i) => from + i)
      const logs = tf.tidy(() => logProbabilities(tf, values, shape, denseRows(tf, rows, chosen, shape.columns)))
      all.set(logs.dataSync() as Float32Array, from * shape.labels)
      logs.dispose()
      await pause(context)
    }
  } finally {
    values.dispose()
  }
  return { labelCount: shape.labels, logProbabilities: all }
}
