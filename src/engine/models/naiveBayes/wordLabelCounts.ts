import type { StageContext } from '#engine/context.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import { pause } from '#engine/pause.ts'

/**
 * How often each word stands in the documents of each label, where it does at all: those of word w are
 * `labels[starts[w]]` to `labels[starts[w + 1] - 1]`, ascending, and `counts` beside them.
 */
export interface WordLabelCounts {
  starts: Float64Array
  labels: Int32Array
  counts: Float32Array
}

/** Some tens of milliseconds. */
export const documentsBetweenPauses = 2000

/** The documents that a model learns from, with their labels. */
export interface LabelledDocuments {
  documents: EncodedDocuments
  /** Of every document. */
  labelOf: Int32Array
  /** Training documents label by label, and within a label in their order; those without a label are left out. */
  ordered: Int32Array
  vocabularySize: number
  labelCount: number
}

/** @param train documents' numbers */
export const inOrderOfLabels = (
  train: Int32Array,
  documents: Omit<LabelledDocuments, 'ordered'>,
): LabelledDocuments => {
  const { labelOf } = documents
  return {
    ...documents,
    ordered: train.filter((document) => labelOf[document]! >= 0).sort((a, b) => labelOf[a]! - labelOf[b]! || a - b),
  }
}

/**
 * Counts words by label.
 * @param presence whether a document's second occurrence of a word counts no more
 */
export async function countWordsByLabel(
  { documents: { ids, offsets }, ordered, labelOf, vocabularySize }: LabelledDocuments,
  presence: boolean,
  context: Pick<StageContext, 'signal'>,
): Promise<WordLabelCounts> {
  const lastLabel = new Int32Array(vocabularySize)
  const lastDocument = new Int32Array(vocabularySize).fill(-1)
  const starts = new Float64Array(vocabularySize + 1)
  let [next, labels, counts] = [new Float64Array(0), new Int32Array(0), new Float32Array(0)]
  /** Takes part of the documents: first the room that each word needs is found, then it is filled. */
  const take = (part: Int32Array, isFilling: boolean) => {
    for (const document of part) {
      const label = labelOf[document]!
      // As whole numbers, which are quicker to count with than what a Float64Array gives.
      const [start, end] = [offsets[document]! >>> 0, offsets[document + 1]! >>> 0]
      for (let i = start; i < end; i++) {
        const word = ids[i]!
        if (presence) {
          if (lastDocument[word] === document) continue
          lastDocument[word] = document
        }
        const isFirst = lastLabel[word] !== label
        lastLabel[word] = label
        if (isFilling) {
          if (isFirst) labels[next[word]!++] = label
          counts[next[word]! - 1]!++
        } else if (isFirst) starts[word + 1]!++
      }
    }
  }
  const takeAll = async (isFilling: boolean) => {
    lastLabel.fill(-1)
    lastDocument.fill(-1)
    for (let at = 0; at < ordered.length; at += documentsBetweenPauses) {
      take(ordered.subarray(at, at + documentsBetweenPauses), isFilling)
      await pause(context)
    }
  }
  await takeAll(false)
  for (let word = 0; word < vocabularySize; word++) starts[word + 1]! += starts[word]!
  const size = starts[vocabularySize]!
  ;[next, labels, counts] = [starts.slice(), new Int32Array(size), new Float32Array(size)]
  await takeAll(true)
  return { starts, labels, counts }
}
