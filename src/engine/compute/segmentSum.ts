import type { Tensor, Tensor2D, TensorFlow } from './types.ts'

/** Which rows of a table are added to which segment: entry i adds row rows[i] to segment segments[i]. */
export interface SegmentEntries {
  rows: Int32Array
  /** Ascending. */
  segments: Int32Array
  segmentCount: number
}

/** The part of TensorFlow.js's native backend through which any operation of TensorFlow can be called. */
interface NativeBackend {
  executeSingleOutput(
    name: string,
    attributes: { name: string; type: number; value: number }[],
    inputs: Tensor[],
  ): Tensor
  binding: { TF_ATTR_TYPE: number; TF_FLOAT: number; TF_INT32: number }
}

/**
 * Sums of a table's rows by segment: [R, F] -> [segmentCount, F]; a segment without entries is zero.
 * Natively one operation (SparseSegmentSum) that gathers and adds at once; TensorFlow.js does not wrap it.
 * Not seen by TensorFlow.js's tape.
 */
export function segmentSum(tf: TensorFlow, table: Tensor2D, entries: SegmentEntries): Tensor2D {
  return tf.getBackend() === 'tensorflow' ? nativeSum(tf, table, entries) : plainSum(tf, table, entries)
}

function nativeSum(tf: TensorFlow, table: Tensor2D, { rows, segments, segmentCount }: SegmentEntries): Tensor2D {
  const native = tf.backend() as unknown as NativeBackend
  const { binding } = native
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value })
  return native.executeSingleOutput(
    'SparseSegmentSumWithNumSegments',
    [
      type('T', binding.TF_FLOAT),
      type('Tidx', binding.TF_INT32),
      type('Tnumsegments', binding.TF_INT32),
      type('Tsegmentids', binding.TF_INT32),
    ],
    [table, tf.tensor1d(rows, 'int32'), tf.tensor1d(segments, 'int32'), tf.scalar(segmentCount, 'int32')],
  ) as Tensor2D
}

/** The other backends hold their numbers in this memory; their own sum by segment visits every row for every segment. */
function plainSum(tf: TensorFlow, table: Tensor2D, { rows, segments, segmentCount }: SegmentEntries): Tensor2D {
  const width = table.shape[1]
  const values = table.dataSync() as Float32Array
  const sums = new Float32Array(segmentCount * width)
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * width
    const to = segments[i]! * width
    for (let k = 0; k < width; k++) sums[to + k]! += values[from + k]!
  }
  return tf.tensor2d(sums, [segmentCount, width])
}
