/** Documents with labels, of which the words are numbers from 0. */
export interface LabelledDocuments {
  wordCount: number
  /** Documents of each label. */
  labelDocuments: Float64Array
  /**
   * Visits every document once, label by label in ascending order; within a label any order gives the same. A word may come
   * several times, and counts once.
   */
  each(visit: (label: number, words: Int32Array, start: number, end: number) => void): Promise<void>
}

/**
 * Information gain ratio of each word's presence over the labels (Forman 2003; Han, Cook & Baldwin 2014, section 4): IG(w)
 * over the entropy of the word's presence; natural logarithms. A word in all documents or in none has 0.
 *
 * Documents come label by label, so that of each word only the present label's count is held: one pass, 44 bytes a word.
 */
export async function informationGainRatios({
  wordCount,
  labelDocuments,
  each,
}: LabelledDocuments): Promise<Float64Array> {
  const total = labelDocuments.reduce((sum, count) => sum + count, 0)
  // n ln n of all counts there can be: a logarithm takes longer than a look.
  const xLogX = new Float64Array(total + 1)
  for (let n = 1; n <= total; n++) xLogX[n] = n * Math.log(n)

  /** Of each word: the document that it was last seen in, and how many of the present label's have it; together in the cache. */
  const seen = new Int32Array(2 * wordCount)
  /** Words of the present label. */
  const touched = new Int32Array(wordCount + 1)
  /** Of each word: documents that have it; sums of n ln n of a label's documents that have it, and of those that lack it less all of the label's. */
  const sums = new Float64Array(4 * wordCount)
  const [having, present, absent] = [0, 1, 2]
  let [document, label, firstOfLabel, touchedCount] = [0, -1, 1, 0]

  function closeLabel(): void {
    const all = labelDocuments[label]!
    const ofAll = xLogX[all]!
    for (let i = 0; i < touchedCount; i++) {
      const word = touched[i]!
      const count = seen[2 * word + 1]!
      sums[4 * word + having]! += count
      sums[4 * word + present]! += xLogX[count]!
      sums[4 * word + absent]! += xLogX[all - count]! - ofAll
    }
    touchedCount = 0
    firstOfLabel = document + 1
  }

  await each((next, words, start, end) => {
    if (next !== label && touchedCount > 0) closeLabel()
    label = next
    document++
    for (let i = start; i < end; i++) {
      const word = words[i]!
      const last = seen[2 * word]!
      // Without branches, which no processor guesses: whether the label has the word already, and whether the document has.
      const inLabel = (firstOfLabel - 1 - last) >>> 31
      const inDocument = ((last ^ document) - 1) >>> 31
      seen[2 * word] = document
      seen[2 * word + 1] = (seen[2 * word + 1]! & -inLabel) + 1 - inDocument
      touched[touchedCount] = word
      touchedCount += 1 - inLabel
    }
  })
  if (touchedCount > 0) closeLabel()

  // With counts n: N H(c) = N ln N - sum n ln n, so that only the labels of a word need to be visited.
  const sumLabels = labelDocuments.reduce((sum, count) => sum + xLogX[count]!, 0)
  const labelEntropy = xLogX[total]! - sumLabels
  return Float64Array.from({ length: wordCount }, (_, word) => {
    const count = sums[4 * word + having]!
    const gain =
      labelEntropy -
      (xLogX[count]! - sums[4 * word + present]!) -
      (xLogX[total - count]! - (sumLabels + sums[4 * word + absent]!))
    const entropy = xLogX[total]! - xLogX[count]! - xLogX[total - count]!
    return entropy > 0 ? Math.max(0, gain / entropy) : 0
  })
}
