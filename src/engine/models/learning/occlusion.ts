import type { Occlusion } from '#protocol/runs.ts'
import type { EncodedText } from '#engine/corpus/vocabulary/vocabulary.ts'
import type { EncodedDocuments } from '#engine/corpus/vocabulary/encodedDocuments.ts'
import type { Posterior } from './posterior.ts'

/** Log-odds of a probability given by its logarithm; finite for probabilities of 0 and 1. */
export const logOdds = (logProbability: number) =>
  logProbability - Math.log(Math.max(1e-12, -Math.expm1(Math.min(-1e-12, logProbability))))

/**
 * Occlusion (Li et al. 2016, "Understanding neural networks through representation erasure"): for each word the
 * change of the label's log-odds when that one occurrence is taken out of the text.
 * @param posteriorOf what the classifier says of some documents
 */
export async function occlusion(
  { ids, spans }: Pick<EncodedText, 'ids' | 'spans'>,
  label: number,
  posteriorOf: (documents: EncodedDocuments, chosen: Int32Array) => Promise<Posterior>,
): Promise<Occlusion[]> {
  const chosen = Int32Array.from({ length: ids.length + 1 }, (_, i) => i)
  const { logProbabilities, labelCount } = await posteriorOf(withoutEachWord(ids), chosen)
  const oddsOf = (document: number) => logOdds(logProbabilities[document * labelCount + label]!)
  return Array.from(ids, (_, word) => ({
    start: spans[2 * word]!,
    end: spans[2 * word + 1]!,
    change: oddsOf(word + 1) - oddsOf(0),
  }))
}

/** Document 0 is the text, document i + 1 the text without its word i. */
export function withoutEachWord(ids: Int32Array): EncodedDocuments {
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
