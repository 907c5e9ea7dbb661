import { padLeft } from '#engine/compute/convolution.ts'
import type { SegmentEntries } from '#engine/compute/segmentSum.ts'
import type { Batch } from './batches.ts'

/**
 * How the first convolution of a window is put together from products of words: place k of the window at position t
 * holds some word u, whose product with the kernel's part k is row u * window + k of a table.
 */
export interface WordWindows {
  window: number
  /** From products to positions [B * L]. */
  forward: SegmentEntries
  /** From positions back to products. */
  backward: SegmentEntries
}

/**
 * Lists the words of every window of a batch. Places beyond a document's ends, and words that are dropped, are not
 * listed: they count as zero. Positions of padding have no words, but those that share a pool with a document's last
 * position repeat it, forward only: a maximum does not notice, and no mask is needed.
 * @param kept 0 at words that are dropped, count x length; null where none is
 * @param pool size of the pool that follows; divides the batch's length
 */
export function listWordWindows(batch: Batch, kept: Uint8Array | null, window: number, pool: number): WordWindows {
  const { count, length, lengths, positions, distinct } = batch
  const left = padLeft(window)
  const most = count * length * window
  const rows = new Int32Array(most)
  const at = new Int32Array(most)
  let entries = 0
  const addPosition = (document: number, position: number, asPosition: number) => {
    const start = document * length
    const first = Math.max(0, left - position)
    const last = Math.min(window, lengths[document]! - position + left)
    for (let k = first; k < last; k++) {
      const place = start + position + k - left
      if (kept && kept[place] === 0) continue
      rows[entries] = positions[place]! * window + k
      at[entries++] = start + asPosition
    }
  }
  /** Whether an entry stands for a position of padding, which has no part in the way back. */
  const repeats = new Uint8Array(count * length)
  for (let document = 0; document < count; document++) {
    const words = lengths[document]!
    for (let position = 0; position < words; position++) addPosition(document, position, position)
    for (let position = words; position < Math.ceil(words / pool) * pool; position++) {
      repeats[document * length + position] = 1
      addPosition(document, words - 1, position)
    }
  }
  const forward = { rows: rows.subarray(0, entries), segments: at.subarray(0, entries), segmentCount: count * length }
  return { window, forward, backward: reversed(forward, repeats, distinct.length * window) }
}

/** The entries the other way round, without those of `left out` segments: counting sort by row, stable. */
export function reversed({ rows, segments }: SegmentEntries, leftOut: Uint8Array, rowCount: number): SegmentEntries {
  const starts = new Int32Array(rowCount + 1)
  for (let i = 0; i < rows.length; i++) if (leftOut[segments[i]!] === 0) starts[rows[i]! + 1]!++
  for (let row = 0; row < rowCount; row++) starts[row + 1]! += starts[row]!
  const from = new Int32Array(starts[rowCount]!)
  const to = new Int32Array(starts[rowCount]!)
  for (let i = 0; i < rows.length; i++) {
    if (leftOut[segments[i]!] !== 0) continue
    const place = starts[rows[i]!]!++
    from[place] = segments[i]!
    to[place] = rows[i]!
  }
  return { rows: from, segments: to, segmentCount: rowCount }
}
