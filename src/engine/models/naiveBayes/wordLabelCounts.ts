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
  const lastLabel = new Int32Array(vocabularySize).fill(-1)
  const lastDocument = new Int32Array(vocabularySize).fill(-1)
  const starts = new Float64Array(vocabularySize + 1)
  /** Visits each occurrence that counts; `first` where it is the word's first in this label. */
  const visit = async (each: (word: number, label: number, first: boolean) => void) => {
    lastLabel.fill(-1)
    lastDocument.fill(-1)
    for (const [visited, document] of ordered.entries()) {
      if (visited % documentsBetweenPauses === documentsBetweenPauses - 1) await pause(context)
      const label = labelOf[document]!
      for (let i = offsets[document]!; i < offsets[document + 1]!; i++) {
        const word = ids[i]!
        if (presence && lastDocument[word] === document) continue
        lastDocument[word] = document
        each(word, label, lastLabel[word] !== label)
        lastLabel[word] = label
      }
    }
  }
  await visit((word, _label, first) => (starts[word + 1]! += first ? 1 : 0))
  for (let word = 0; word < vocabularySize; word++) starts[word + 1]! += starts[word]!
  const size = starts[vocabularySize]!
  const [labels, counts] = [new Int32Array(size), new Float32Array(size)]
  const next = starts.slice()
  await visit((word, label, first) => {
    if (first) labels[next[word]!++] = label
    counts[next[word]! - 1]!++
  })
  return { starts, labels, counts }
}
