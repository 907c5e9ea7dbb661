import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { positionMask, type Batch } from './batches.ts'
import type { NetworkInput } from './network.ts'
import { composeVectors } from './composeVectors.ts'
import { listWordRows, ngramRowCount } from './wordRows.ts'
import { listDocumentWords } from './wordSum.ts'
import { listWordWindows } from './wordWindows.ts'

/** Masks of a training step: 0 at words that are dropped, count x length; scaled feature mask, count x features. */
export interface DropoutMasks {
  words: Uint8Array
  features: Float32Array
}

/** A batch as tensors, which the caller's tidy owns. */
export function networkInput(
  tf: TensorFlow,
  settings: AttentionCnnSettings,
  vectors: Matrix,
  batch: Batch,
  masks: DropoutMasks | null,
): NetworkInput {
  const { count, length, distinct } = batch
  const [firstPool, secondPool] = settings.pools
  const column = (pool: number) => {
    const mask = positionMask(batch, pool)
    return tf.tensor2d(mask, [mask.length, 1])
  }
  return {
    rows: tf.tensor2d(composeVectors(vectors, listWordRows(settings, vectors.rows, batch)), [
      distinct.length,
      vectors.columns,
    ]),
    count,
    length,
    windows: settings.windows.map((window) => listWordWindows(batch, masks?.words ?? null, window, firstPool)),
    masks: [column(firstPool), column(firstPool * secondPool)],
    documentWords: ngramRowCount(settings) > 0 ? listDocumentWords(batch, masks?.words ?? null) : null,
    featureKeep: masks && tf.tensor2d(masks.features, [count, masks.features.length / count]),
  }
}
