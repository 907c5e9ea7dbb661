import { segmentSum, type SegmentEntries } from '#engine/compute/segmentSum.ts'
import type { Tensor2D, TensorFlow } from '#engine/compute/types.ts'
import type { Batch } from './batches.ts'
import { reversed } from './wordWindows.ts'

/** The words of each document, without those that are dropped. */
export interface DocumentWords {
  /** From distinct words to documents. */
  forward: SegmentEntries
  /** From documents back to distinct words. */
  backward: SegmentEntries
  /** 1 over the square root of the number of words, of each document. */
  scale: Float32Array
}

/** @param kept 0 at words that are dropped, count x length; null where none is */
export function listDocumentWords(batch: Batch, kept: Uint8Array | null): DocumentWords {
  const { count, length, lengths, positions, distinct } = batch
  const rows: number[] = []
  const segments: number[] = []
  const scale = new Float32Array(count)
  lengths.forEach((words, document) => {
    const before = rows.length
    for (let place = document * length; place < document * length + words; place++) {
      if (kept && kept[place] === 0) continue
      rows.push(positions[place]!)
      segments.push(document)
    }
    scale[document] = 1 / Math.sqrt(Math.max(1, rows.length - before))
  })
  const forward = { rows: Int32Array.from(rows), segments: Int32Array.from(segments), segmentCount: count }
  return { forward, backward: reversed(forward, new Uint8Array(count), distinct.length), scale }
}

/**
 * The sum of the vectors of a document's words over the square root of their number: all that a linear classifier of words and
 * their n-grams reads (Joulin et al. 2017).
 * @param rows vectors of the batch's distinct words, [U, D]
 * @returns [B, D], and from its gradient that of the rows
 */
export function wordSum(tf: TensorFlow, rows: Tensor2D, { forward, backward, scale }: DocumentWords) {
  const column = tf.tensor2d(scale, [scale.length, 1])
  const scaled = (sums: Tensor2D) => tf.mul(sums, column) as Tensor2D
  return {
    output: scaled(segmentSum(tf, rows, forward)),
    pullback: (gradient: Tensor2D) => segmentSum(tf, scaled(gradient), backward),
  }
}
