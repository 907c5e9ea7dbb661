import type { Prediction } from '#protocol/results.ts'
import type { TensorFlow } from '#engine/compute/types.ts'
import type { StageContext } from '#engine/context.ts'
import type { EncodedDocuments } from './batches.ts'
import { predictDocuments, type NetworkWeights } from './predict.ts'

/** A document's words as the network reads them, with their places in the original text. */
export interface EncodedText {
  ids: Int32Array
  /** Start and end of each word, UTF-16 offsets, two a word. */
  spans: Uint32Array
}

/**
 * Weights of the pooled positions as spans of the original text. A position covers `pools[0] * pools[1]` kept words
 * and sees more: its convolutions reach beyond them (23 words for window 4, 43 for window 8 with pools 4 and 2).
 */
export function attentionSpans(
  { settings }: NetworkWeights,
  { spans }: EncodedText,
  weights: Float32Array,
): Prediction['attention'] {
  const [firstPool, secondPool] = settings.pools
  const covered = firstPool * secondPool
  const wordCount = spans.length / 2
  const widest = Math.max(...settings.windows)
  const left = Math.floor((widest - 1) / 2)
  const right = widest - 1 - left
  return Array.from(weights, (weight, position) => {
    const first = position * covered
    const last = Math.min(first + covered, wordCount) - 1
    const seesFirst = Math.max(0, first - left * firstPool - left)
    const seesLast = Math.min(wordCount - 1, first + covered - 1 + right * firstPool + right)
    return {
      start: spans[2 * first]!,
      end: spans[2 * last + 1]!,
      weight,
      seesStart: spans[2 * seesFirst]!,
      seesEnd: spans[2 * seesLast + 1]!,
    }
  })
}

/** Log-odds of a probability given by its logarithm; finite for probabilities of 0 and 1. */
const logOdds = (logProbability: number) =>
  logProbability - Math.log(Math.max(1e-12, -Math.expm1(Math.min(-1e-12, logProbability))))

/**
 * Occlusion (Li et al. 2016, "Understanding neural networks through representation erasure"): for each word the
 * change of the label's log-odds when that one occurrence is taken out of the text.
 */
export async function occlusion(
  tf: TensorFlow,
  network: NetworkWeights,
  { ids, spans }: EncodedText,
  label: number,
  context: Pick<StageContext, 'signal'>,
): Promise<Prediction['occlusion']> {
  const documents = withoutEachWord(ids)
  const chosen = Int32Array.from({ length: ids.length + 1 }, (_, i) => i)
  const { logProbabilities, labelCount } = await predictDocuments(tf, network, documents, chosen, context)
  const oddsOf = (document: number) => logOdds(logProbabilities[document * labelCount + label]!)
  return Array.from(ids, (_, word) => ({
    start: spans[2 * word]!,
    end: spans[2 * word + 1]!,
    change: oddsOf(word + 1) - oddsOf(0),
  }))
}

/** Document 0 is the text, document i + 1 the text without its word i. */
function withoutEachWord(ids: Int32Array): EncodedDocuments {
  const count = ids.length
  const offsets = new Float64Array(count + 2)
  const all = new Int32Array(count + count * Math.max(0, count - 1))
  all.set(ids)
  offsets[1] = count
  for (let word = 0; word < count; word++) {
    const start = offsets[word + 1]!
    all.set(ids.subarray(0, word), start)
    all.set(ids.subarray(word + 1), start + word)
    offsets[word + 2] = start + count - 1
  }
  return { ids: all, offsets }
}
