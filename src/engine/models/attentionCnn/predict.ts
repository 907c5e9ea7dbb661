import { setImmediate } from 'node:timers/promises'
import { EngineError } from '#protocol/errors.ts'
import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import { isOutOfMemory } from '#engine/compute/outOfMemory.ts'
import type { Tensor, Tensor1D, TensorFlow } from '#engine/compute/types.ts'
import type { StageContext } from '#engine/context.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import type { Posterior } from '#engine/models/learning/posterior.ts'
import { layOutBatch, predictionBatches } from './batches.ts'
import { runNetwork } from './network.ts'
import { networkInput } from './networkInput.ts'
import { labelCountOf, splitParameters, type Parameter } from './parameters.ts'

/** A network that can predict: what `trainNetwork` returns and `saveNetwork` keeps. */
export interface NetworkWeights {
  settings: AttentionCnnSettings
  parameters: Parameter[]
  /** The flat parameter vector. */
  values: Float32Array
  vectors: Matrix
}

/** What the network says of documents, in the order in which they were asked for. */
export interface NetworkPredictions {
  /** null for a network of coordinates alone. */
  posterior: Posterior | null
  /** [lat, lon] in the unit square, interleaved; null for a network of labels alone. */
  coordinates: Float32Array | null
  /** Weights of the pooled positions of each document. */
  weights: Float32Array[]
}

const batchSize = 64

/**
 * Predicts documents; a document's answer does not depend on what it is batched with.
 * @param chosen documents' numbers in `documents`
 */
export async function predictDocuments(
  tf: TensorFlow,
  network: NetworkWeights,
  documents: EncodedDocuments,
  chosen: Int32Array,
  context: Pick<StageContext, 'signal'>,
): Promise<NetworkPredictions> {
  const { settings, parameters, vectors } = network
  const labelCount = labelCountOf(parameters)
  const multiple = settings.pools[0] * settings.pools[1]
  const place = new Map<number, number>()
  chosen.forEach((document, i) => place.set(document, i))
  const predictions: NetworkPredictions = {
    posterior: labelCount > 0 ? { labelCount, logProbabilities: new Float32Array(chosen.length * labelCount) } : null,
    coordinates: settings.tasks.includes('coordinates') ? new Float32Array(chosen.length * 2) : null,
    weights: new Array<Float32Array>(chosen.length),
  }
  const values = tf.tensor1d(network.values) as Tensor1D
  try {
    const waiting = predictionBatches(documents, chosen, batchSize)
    for (let members = waiting.shift(); members; members = waiting.shift()) {
      await setImmediate()
      context.signal.throwIfAborted()
      const batch = layOutBatch(documents, members, multiple)
      const output = runOrNull(() =>
        tf.tidy(() => {
          const input = networkInput(tf, settings, vectors, batch, null)
          const { logits, coordinates, weights } = runNetwork(
            tf,
            settings,
            splitParameters(tf, values, parameters),
            input,
          )
          const logs = logits && tf.logSoftmax(logits)
          return { weights, ...(logs ? { logs } : {}), ...(coordinates ? { coordinates } : {}) }
        }),
      )
      if (!output) {
        if (members.length === 1) throw tooLongForDevice(batch.length)
        const half = members.length >> 1
        waiting.unshift(members.subarray(0, half), members.subarray(half))
        continue
      }
      const read = (tensor: Tensor | undefined) => tensor && (tensor.dataSync() as Float32Array)
      const [logs, weights, coordinates] = [read(output.logs), read(output.weights)!, read(output.coordinates)]
      tf.dispose(output)
      const pooledLength = batch.length / multiple
      members.forEach((document, row) => {
        const i = place.get(document)!
        if (logs) {
          const own = logs.subarray(row * labelCount, (row + 1) * labelCount)
          predictions.posterior!.logProbabilities.set(own, i * labelCount)
        }
        if (coordinates) predictions.coordinates!.set(coordinates.subarray(2 * row, 2 * row + 2), 2 * i)
        const length = documents.offsets[document + 1]! - documents.offsets[document]!
        const start = row * pooledLength
        predictions.weights[i] = weights.slice(start, start + Math.ceil(length / multiple))
      })
    }
  } finally {
    values.dispose()
  }
  return predictions
}

/** What `run` makes, or null where the device has no memory for it. */
function runOrNull<Value>(run: () => Value): Value | null {
  try {
    return run()
  } catch (error) {
    if (isOutOfMemory(error)) return null
    throw error
  }
}

const tooLongForDevice = (words: number) =>
  new EngineError(
    'compute/out-of-memory',
    `The device has no memory for one document of ${words} words. Close what else uses it, or set preprocess.maxWords lower.`,
  )
