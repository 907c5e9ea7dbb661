/** Presence of words in labelled documents: word w occurs in documents of the labels `labels[offsets[w]..offsets[w + 1]]`. */
export interface Presence {
  /** Documents of each label. */
  labelDocuments: Float64Array
  offsets: Float64Array
  /** Label of each cell, and in how many of the label's documents the word occurs. */
  labels: Int32Array
  documents: Float64Array
}

/**
 * Information gain ratio of each word (Forman 2003; Han, Cook & Baldwin 2014, section 4): IG(w) over the entropy of
 * the word's presence; natural logarithms. A word in all documents or in none has 0.
 */
export function informationGainRatio({ labelDocuments, offsets, labels, documents }: Presence): Float64Array {
  const total = labelDocuments.reduce((sum, count) => sum + count, 0)
  const xLogX = (x: number) => (x > 0 ? x * Math.log(x) : 0)
  // With counts n: N H(c) = N ln N - sum n ln n, so that only the cells of a word need to be visited.
  let sumLabels = 0
  for (const count of labelDocuments) sumLabels += xLogX(count)
  const labelEntropy = xLogX(total) - sumLabels
  return Float64Array.from({ length: offsets.length - 1 }, (_, word) => {
    let present = 0
    let sumPresent = 0
    let sumAbsent = sumLabels
    for (let cell = offsets[word]!; cell < offsets[word + 1]!; cell++) {
      const count = documents[cell]!
      const all = labelDocuments[labels[cell]!]!
      present += count
      sumPresent += xLogX(count)
      sumAbsent += xLogX(all - count) - xLogX(all)
    }
    const absent = total - present
    const gain = labelEntropy - (xLogX(present) - sumPresent) - (xLogX(absent) - sumAbsent)
    const presence = xLogX(total) - xLogX(present) - xLogX(absent)
    return presence > 0 ? Math.max(0, gain / presence) : 0
  })
}
