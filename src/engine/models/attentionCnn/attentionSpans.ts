import type { Attention } from '#protocol/runs.ts'
import type { EncodedText } from '#engine/corpus/vocabulary/vocabulary.ts'
import type { NetworkWeights } from './predict.ts'

/**
 * Weights of the pooled positions as spans of the original text. A position covers `pools[0] * pools[1]` kept words
 * and sees more: its convolutions reach beyond them (23 words for window 4, 43 for window 8 with pools 4 and 2).
 */
export function attentionSpans(
  { settings }: NetworkWeights,
  { spans }: Pick<EncodedText, 'spans'>,
  weights: Float32Array,
): Attention[] {
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
