import type { Matrix } from '#engine/embeddings/vectors.ts'

/** What a network is made of, averaged over the ends of its epochs. */
export interface AveragedWeights {
  /** The flat parameter vector. */
  values: Float32Array
  /** Fine-tuned word vectors; null where they are frozen, and so the same in every epoch. */
  vectors: Float32Array | null
}

/**
 * The average after one more epoch: `share` of the earlier average, the rest of what the epoch ended with. Averaged
 * weights lie nearer to the middle of a flat minimum than any single epoch's (Izmailov et al. 2018), and a small
 * development fold chooses among them with less luck. The earlier average is overwritten.
 * @param share 0 to 1; 0 is the epoch's own weights, which are then not copied
 */
export function averageWeights(
  average: AveragedWeights | null,
  values: Float32Array,
  vectors: Matrix | null,
  share: number,
): AveragedWeights {
  if (share === 0) return { values, vectors: vectors && vectors.values }
  if (!average) return { values: values.slice(), vectors: vectors && vectors.values.slice() }
  mix(average.values, values, share)
  if (vectors && average.vectors) mix(average.vectors, vectors.values, share)
  return average
}

function mix(average: Float32Array, values: Float32Array, share: number): void {
  for (let i = 0; i < average.length; i++) average[i] = share * average[i]! + (1 - share) * values[i]!
}
