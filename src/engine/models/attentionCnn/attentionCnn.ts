import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { toDegrees, type CoordinateScale } from '#engine/models/learning/coordinateScale.ts'
import { occlusion } from '#engine/models/learning/occlusion.ts'
import { wordsOf, type ModelMethod, type TrainedModel } from '#engine/models/method.ts'
import { attentionSpans } from './attentionSpans.ts'
import { estimateNetworkMs } from './estimateNetworkMs.ts'
import { predictDocuments, type NetworkWeights } from './predict.ts'
import { loadNetwork, saveNetwork } from './saveNetwork.ts'
import { timedSteps } from './timedSteps.ts'
import { trainingCheckpoints } from './trainingCheckpoints.ts'
import { trainNetwork } from './trainNetwork.ts'
import { scaleVectors } from './wordVectors.ts'

/** The attention network of Fornaciari & Hovy 2019, for labels alone or for labels and coordinates together. */
export const attentionCnn: ModelMethod<AttentionCnnSettings> = {
  version: 3,

  async train(settings, data, { seed, checkpoint, context, onEpoch, nowMs }) {
    const { tf } = await loadTensorFlow()
    const vectors = scaleVectors(data.vectors!)
    const checkpoints = trainingCheckpoints(checkpoint, settings.fineTune ? null : vectors, nowMs)
    const { train, dev, points } = data
    const { of: labels, centres } = data.labels!
    const input = { documents: wordsOf(data.documents), train, dev, points, labels, centres, vectors }
    const { weights, scale, prior, epochs } = await trainNetwork(tf, settings, input, {
      seed: seed!,
      checkpoints,
      context,
      onEpoch,
      nowMs,
    })
    return { ...trainedNetwork(weights, scale, epochs), prior }
  },

  async load(directory, size, vectors) {
    const expected = { words: size.vocabulary, labelCount: size.labels }
    const { weights, scale } = await loadNetwork(directory, expected, async () => scaleVectors(await vectors()))
    return trainedNetwork(weights, scale, null)
  },

  estimateMs: estimateNetworkMs,

  resources(_settings, { vocabulary, dimensions }) {
    // Fine-tuning holds vectors, two moments and what is being written.
    const matrixBytes = vocabulary * dimensions * 4
    return { diskBytes: 8 * matrixBytes, memoryBytes: (512 << 20) + 4 * matrixBytes }
  },

  timedParts: timedSteps,
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
        posterior: predictions,
        coordinates: scale && predictions.coordinates ? toDegrees(scale, predictions.coordinates) : null,
      }
    },

    async explain({ words }, label, context) {
      const { tf } = await loadTensorFlow()
      const { ids } = words!
      const posteriorOf = (documents: EncodedDocuments, chosen: Int32Array) =>
        predictDocuments(tf, weights, documents, chosen, context)
      const whole = await posteriorOf({ ids, offsets: Float64Array.of(0, ids.length) }, Int32Array.of(0))
      return {
        attention: attentionSpans(weights, words!, whole.weights[0]!),
        occlusion: await occlusion(words!, label!, posteriorOf),
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

    save: (directory) => saveNetwork(directory, weights, scale),
  }
}
