import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { toDegrees, type CoordinateScale } from '#engine/models/learning/coordinateScale.ts'
import { occlusion } from '#engine/models/learning/occlusion.ts'
import {
  wordsOf,
  type ModelSize,
  type TrainedModel,
  type TrainingData,
  type TrainingTask,
} from '#engine/models/method.ts'
import { attentionSpans } from './attentionSpans.ts'
import { portableNetwork } from './portableNetwork.ts'
import { predictDocuments, type NetworkWeights } from './predict.ts'
import { loadNetwork, saveNetwork } from './saveNetwork.ts'
import { trainingCheckpoints } from './trainingCheckpoints.ts'
import { trainNetwork } from './trainNetwork.ts'
import { ngramRowCount } from './wordRows.ts'
import { scaleVectors, withNgramRows } from './wordVectors.ts'

/** One network as a model. */
export async function trainOneNetwork(
  settings: AttentionCnnSettings,
  data: TrainingData,
  task: TrainingTask,
): Promise<TrainedModel> {
  const { tf } = await loadTensorFlow()
  const vectors = withNgramRows(scaleVectors(data.vectors!), ngramRowCount(settings))
  const checkpoints = trainingCheckpoints(task.checkpoint, settings.fineTune ? null : vectors, task.nowMs)
  const { train, dev, points, labels } = data
  const input = { documents: wordsOf(data.documents), train, dev, points, labels, vectors }
  const { weights, scale, prior, epochs } = await trainNetwork(tf, settings, input, {
    ...task,
    seed: task.seed!,
    checkpoints,
  })
  return { ...trainedNetwork(weights, scale, epochs), ...(prior ? { prior } : {}) }
}

/** @throws EngineError 'file/damaged' */
export async function loadOneNetwork(
  directory: string,
  size: ModelSize,
  vectors: () => Promise<Matrix>,
): Promise<TrainedModel> {
  const expected = { words: size.vocabulary, labelCount: size.labels }
  const { weights, scale } = await loadNetwork(directory, expected, async () => scaleVectors(await vectors()))
  return trainedNetwork(weights, scale, null)
}

function trainedNetwork(
  weights: NetworkWeights,
  scale: CoordinateScale | null,
  epochs: EpochMetrics[] | null,
): TrainedModel {
  return {
    decision: weights.settings,
    epochs,

    async predict(documents, chosen, context) {
      const { tf } = await loadTensorFlow()
      const predictions = await predictDocuments(tf, weights, wordsOf(documents), chosen, context)
      return {
        posterior: predictions.posterior,
        coordinates: scale && predictions.coordinates ? toDegrees(scale, predictions.coordinates) : null,
      }
    },

    async explain({ words }, label, context) {
      const { tf } = await loadTensorFlow()
      const { ids, spell } = words!
      const said = (documents: EncodedDocuments, chosen: Int32Array) =>
        predictDocuments(tf, weights, { ...documents, spell }, chosen, context)
      const whole = await said({ ids, offsets: Float64Array.of(0, ids.length) }, Int32Array.of(0))
      const posteriorOf = async (documents: EncodedDocuments, chosen: Int32Array) =>
        (await said(documents, chosen)).posterior!
      return {
        attention: attentionSpans(weights, words!, whole.weights[0]!),
        occlusion: label === null ? null : await occlusion(words!, label, posteriorOf),
        contributions: null,
      }
    },

    // Where positions are pooled without attention all weigh the same.
    ...(weights.settings.attention === 'none'
      ? {}
      : {
          async attention(documents, chosen, context) {
            const { tf } = await loadTensorFlow()
            const [first, second] = weights.settings.pools
            const predictions = await predictDocuments(tf, weights, documents, chosen, context)
            return { wordsPerPosition: first * second, weights: predictions.weights }
          },
        }),

    ...(weights.settings.tasks.includes('labels') ? { portable: () => portableNetwork(weights, scale) } : {}),
    save: (directory) => saveNetwork(directory, weights, scale),
  }
}
