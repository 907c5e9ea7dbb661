import type { NaiveBayesSettings } from '#protocol/models/naiveBayes.ts'
import type { StageContext } from '#engine/context.ts'
import { lengthOf, type EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import type { Posterior } from '#engine/models/learning/posterior.ts'
import { pause } from '#engine/pause.ts'
import { countWordsByLabel, type LabelledDocuments, type WordLabelCounts } from './wordLabelCounts.ts'
import { keepWords } from './keepWords.ts'

/** Multinomial Naive Bayes as it is kept: counts, from which every probability follows. */
export interface BayesWeights {
  settings: NaiveBayesSettings
  /** 1 for a word that the model reads. */
  kept: Uint8Array
  /** Training documents of each label. */
  documents: Float64Array
  /** Of kept words; the others have none. */
  counts: WordLabelCounts
}

export async function fitBayes(
  settings: NaiveBayesSettings,
  labelled: LabelledDocuments,
  context: Pick<StageContext, 'signal'>,
): Promise<BayesWeights> {
  const kept = await keepWords(labelled, settings.keepByIgr, context)
  const documents = new Float64Array(labelled.labelCount)
  for (const document of labelled.ordered) documents[labelled.labelOf[document]!]!++
  const all = await countWordsByLabel(labelled, settings.features === 'presence', context)
  return { settings, kept, documents, counts: withoutOthers(all, kept) }
}

/** Drops the entries of words that are not kept. */
function withoutOthers({ starts, labels, counts }: WordLabelCounts, kept: Uint8Array): WordLabelCounts {
  const keptStarts = new Float64Array(starts.length)
  for (let word = 0; word < kept.length; word++)
    keptStarts[word + 1] = keptStarts[word]! + (kept[word] ? starts[word + 1]! - starts[word]! : 0)
  const size = keptStarts.at(-1)!
  if (size === labels.length) return { starts, labels, counts }
  const [keptLabels, keptCounts] = [new Int32Array(size), new Float32Array(size)]
  for (let word = 0; word < kept.length; word++) {
    if (!kept[word]) continue
    keptLabels.set(labels.subarray(starts[word], starts[word + 1]), keptStarts[word])
    keptCounts.set(counts.subarray(starts[word], starts[word + 1]), keptStarts[word])
  }
  return { starts: keptStarts, labels: keptLabels, counts: keptCounts }
}

/** Documents scored between two pauses. */
const scored = 500

/** What the model's sums are made of, computed once from its counts. */
export function bayesScorer({
  settings: { smoothing, features },
  kept,
  documents,
  counts: { starts, labels, counts },
}: BayesWeights) {
  const labelCount = documents.length
  const words = kept.reduce((sum, is) => sum + is, 0)
  const documentCount = documents.reduce((sum, of) => sum + of, 0)
  const totals = new Float64Array(labelCount)
  for (let i = 0; i < labels.length; i++) totals[labels[i]!]! += counts[i]!
  const logPrior = documents.map((of) => Math.log(of / documentCount))
  /** Of a word that a label has not: log(smoothing / (total + smoothing * words)). */
  const logUnseen = totals.map((total) => Math.log(smoothing) - Math.log(total + smoothing * words))
  const logSmoothing = Math.log(smoothing)

  /** What each count adds to the logarithm that a word without one has. Logarithms are most of the work, and counts are mostly small. */
  const logAdded = (count: number) => Math.log(count + smoothing) - logSmoothing
  const ofSmall = Float64Array.from({ length: 1 << 12 }, (_, count) => logAdded(count))
  const added = new Float32Array(counts.length)
  for (let i = 0; i < counts.length; i++) added[i] = ofSmall[counts[i]!] ?? logAdded(counts[i]!)

  /** Adds to the sums what a word adds to each label's, but for `logUnseen`, which all kept words share. */
  const addSeen = (word: number, sums: Float64Array) => {
    // As whole numbers, which are quicker to count with than what a Float64Array gives.
    const [start, end] = [starts[word]! >>> 0, starts[word + 1]! >>> 0]
    for (let i = start; i < end; i++) sums[labels[i]!]! += added[i]!
  }
  const presence = features === 'presence'

  return {
    labelCount,
    prior: documents.map((of) => of / documentCount),
    logUnseen,
    addSeen,
    presence,

    /** log P(label | document) of chosen documents: a document without a known word has the prior. */
    async posterior(
      encoded: EncodedDocuments,
      chosen: Int32Array,
      context: Pick<StageContext, 'signal'>,
    ): Promise<Posterior> {
      const logProbabilities = new Float32Array(chosen.length * labelCount)
      const sums = new Float64Array(labelCount)
      const lastDocument = new Int32Array(kept.length).fill(-1)
      for (let row = 0; row < chosen.length; row++) {
        const document = chosen[row]!
        sums.set(logPrior)
        let length = 0
        const start = encoded.offsets[document]!
        for (let i = start; i < start + lengthOf(encoded, document); i++) {
          const word = encoded.ids[i]!
          if (!kept[word] || (presence && lastDocument[word] === row)) continue
          lastDocument[word] = row
          length++
          addSeen(word, sums)
        }
        let greatest = -Infinity
        for (let label = 0; label < labelCount; label++) {
          sums[label]! += length * logUnseen[label]!
          greatest = Math.max(greatest, sums[label]!)
        }
        let rest = 0
        for (let label = 0; label < labelCount; label++) rest += Math.exp(sums[label]! - greatest)
        const logNorm = greatest + Math.log(rest)
        for (let label = 0; label < labelCount; label++)
          logProbabilities[row * labelCount + label] = sums[label]! - logNorm
        if (row % scored === scored - 1) await pause(context)
      }
      return { labelCount, logProbabilities }
    },
  }
}
