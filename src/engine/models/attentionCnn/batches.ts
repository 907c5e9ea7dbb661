import { lengthOf, type EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { seededRandom } from '#engine/random.ts'

/**
 * Groups documents of like length into batches, so that little is padded: sorted by length, cut, and the batches
 * shuffled. Equal lengths are shuffled among one another, and lengths within an eighth count as equal, so that
 * batches differ from epoch to epoch. Depends on nothing but its arguments: a resumed epoch has the same batches.
 */
export function trainingBatches(
  documents: EncodedDocuments,
  chosen: Int32Array,
  batchSize: number,
  seed: number,
  epoch: number,
): Int32Array[] {
  const random = seededRandom(seed, 1_000_000 + epoch)
  const keys = Float64Array.from(chosen, (document) => Math.log2(1 + lengthOf(documents, document)) + random.next() / 6)
  const order = Int32Array.from(chosen.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b)
  const batches = cut(
    order.map((position) => chosen[position]!),
    batchSize,
  )
  const sequence = Int32Array.from(batches.keys())
  random.shuffle(sequence)
  return Array.from(sequence, (batch) => batches[batch]!)
}

/** Batches for prediction: longest last, so that memory grows only once. */
export function predictionBatches(documents: EncodedDocuments, chosen: Int32Array, batchSize: number): Int32Array[] {
  const order = chosen.slice().sort((a, b) => lengthOf(documents, a) - lengthOf(documents, b) || a - b)
  return cut(order, batchSize)
}

function cut(order: Int32Array, batchSize: number): Int32Array[] {
  const batches: Int32Array[] = []
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.subarray(start, start + batchSize))
  return batches
}

/** A batch as the network reads it. */
export interface Batch {
  count: number
  /** Padded length in words, a multiple of the pools' product. */
  length: number
  /** Words of each document. */
  lengths: Int32Array
  /** Ids of the batch's distinct words, ascending; at least one. */
  distinct: Int32Array
  /** How words are spelled; left out where ids are of the vocabulary alone. */
  spell?: EncodedDocuments['spell']
  /** Row of `distinct` at each position, count x length; 0 at padding. */
  positions: Int32Array
}

/** Lays out a batch, padded to the longest document and to a multiple of `multiple` (pooling shifts with length). */
export function layOutBatch(documents: EncodedDocuments, batch: Int32Array, multiple: number): Batch {
  const lengths = batch.map((document) => lengthOf(documents, document))
  const longest = lengths.reduce((most, length) => Math.max(most, length), 1)
  const length = Math.ceil(longest / multiple) * multiple
  const seen = new Set<number>()
  for (const document of batch) {
    for (let i = documents.offsets[document]!; i < documents.offsets[document + 1]!; i++) seen.add(documents.ids[i]!)
  }
  const distinct = seen.size > 0 ? Int32Array.from(seen).sort() : new Int32Array(1)
  const rowOf = new Map<number, number>()
  distinct.forEach((id, row) => rowOf.set(id, row))
  const positions = new Int32Array(batch.length * length)
  batch.forEach((document, row) => {
    const start = documents.offsets[document]!
    for (let i = 0; i < lengths[row]!; i++) positions[row * length + i] = rowOf.get(documents.ids[start + i]!)!
  })
  return { count: batch.length, length, lengths, distinct, spell: documents.spell, positions }
}

/**
 * The batch with only those distinct words that are left when some are dropped: most words stand in a batch once, so the
 * matrix products over distinct words shrink with them.
 * @param kept 0 at words that are dropped, count x length
 */
export function withKeptWords(batch: Batch, kept: Uint8Array): Batch {
  const { length, lengths, distinct, positions } = batch
  const row = new Int32Array(distinct.length).fill(-1)
  lengths.forEach((words, document) => {
    for (let place = document * length; place < document * length + words; place++)
      if (kept[place]) row[positions[place]!] = 0
  })
  let count = 0
  for (let old = 0; old < row.length; old++) if (row[old] === 0) row[old] = count++
  if (count === 0) return batch
  return {
    ...batch,
    distinct: distinct.filter((_, old) => row[old]! >= 0),
    positions: positions.map((old) => Math.max(0, row[old]!)),
  }
}

/** Documents `from` to `to` (exclusive) of a batch; its words stay numbered as in the whole one. */
export const batchPart = (batch: Batch, from: number, to: number): Batch => ({
  ...batch,
  count: to - from,
  lengths: batch.lengths.subarray(from, to),
  positions: batch.positions.subarray(from * batch.length, to * batch.length),
})

/** 1 at positions, pooled `pool` to one, that hold at least one word, 0 at padding: count x (length / pool). */
export function positionMask({ count, length, lengths }: Batch, pool: number): Float32Array {
  const pooled = length / pool
  const mask = new Float32Array(count * pooled)
  for (let document = 0; document < count; document++) {
    mask.fill(1, document * pooled, document * pooled + Math.ceil(lengths[document]! / pool))
  }
  return mask
}
