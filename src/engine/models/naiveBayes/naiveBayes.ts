import type { NaiveBayesSettings } from '#protocol/models/naiveBayes.ts'
import type { Contribution } from '#protocol/runs.ts'
import type { EncodedText } from '#engine/corpus/vocabulary/vocabulary.ts'
import { wordsOf, type ModelMethod, type TrainedModel } from '#engine/models/method.ts'
import { loadBayes, saveBayes } from './bayesFiles.ts'
import { bayesScorer, fitBayes, type BayesWeights } from './bayesWeights.ts'
import { inOrderOfLabels } from './wordLabelCounts.ts'

/** Multinomial Naive Bayes with a choice of words by information gain ratio (Han, Cook & Baldwin 2014). */
export const naiveBayes: ModelMethod<NaiveBayesSettings> = {
  version: 1,

  async train(settings, { documents, train, labels, vocabularySize }, { context }) {
    const { of, centres } = labels!
    const labelled = inOrderOfLabels(train, {
      documents: wordsOf(documents),
      labelOf: of,
      vocabularySize,
      labelCount: centres.lat.length,
    })
    return trainedBayes(await fitBayes(settings, labelled, context))
  },

  load: async (directory, size) => trainedBayes(await loadBayes(directory, size)),

  // Counting takes seconds where training a network takes hours.
  estimateMs: () => 0,

  /** Most words stand in few labels: eight bytes for each of some, before and after the choice of words. */
  resources: (_settings, { vocabulary }) => ({ diskBytes: 128 * vocabulary, memoryBytes: 512 * vocabulary }),
}

function trainedBayes(weights: BayesWeights): TrainedModel {
  const scorer = bayesScorer(weights)
  return {
    decision: weights.settings,
    epochs: null,
    predict: async (documents, chosen, context) => ({
      posterior: await scorer.posterior(wordsOf(documents), chosen, context),
      coordinates: null,
    }),
    explain: async ({ words }, label) => ({
      attention: null,
      occlusion: null,
      contributions: contributionsOf(weights, scorer, words!, label!),
    }),
    save: (directory) => saveBayes(directory, weights),
  }
}

/** What each word adds to the label's log-probability, less what it adds to the labels' by their shares of training. */
function contributionsOf(
  { kept }: BayesWeights,
  scorer: ReturnType<typeof bayesScorer>,
  { ids, spans }: EncodedText,
  label: number,
): Contribution[] {
  const { labelCount, prior, logUnseen, addSeen, presence } = scorer
  const seen = new Set<number>()
  return Array.from(ids, (word, i) => {
    const span = { start: spans[2 * i]!, end: spans[2 * i + 1]! }
    if (!kept[word] || (presence && seen.has(word))) return { ...span, value: 0 }
    seen.add(word)
    const sums = new Float64Array(labelCount)
    addSeen(word, sums)
    const mean = sums.reduce((sum, added, other) => sum + prior[other]! * (added + logUnseen[other]!), 0)
    return { ...span, value: sums[label]! + logUnseen[label]! - mean }
  })
}
