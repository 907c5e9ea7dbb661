/** Of the first k of a ranking, the share that is relevant, and of what is relevant the share among them. */
export interface Retrieval {
  precision: number
  recall: number
}

/** @param ranked no word twice; `relevant` holds at least one word */
export function retrievalAt(k: number, ranked: string[], relevant: Set<string>): Retrieval {
  const found = ranked.slice(0, k).filter((word) => relevant.has(word)).length
  return { precision: found / Math.min(k, ranked.length), recall: found / relevant.size }
}

/** What is to be expected of a ranking by chance of `words` words, all relevant ones among them. */
export const byChance = (k: number, words: number, relevant: number): Retrieval => ({
  precision: relevant / words,
  recall: Math.min(1, k / words),
})

/** The mean over rankings. */
export const meanOf = (of: Retrieval[]): Retrieval => ({
  precision: of.reduce((sum, { precision }) => sum + precision, 0) / of.length,
  recall: of.reduce((sum, { recall }) => sum + recall, 0) / of.length,
})
