/** Documents with labels, of which the words are numbers from 0. */
export interface LabelledDocuments {
  wordCount: number
  labelCount: number
  /** Visits every document, each time the same ones; a word may come several times, and counts once. */
  each(visit: (label: number, words: ArrayLike<number>, length: number) => void): Promise<void>
}

/** Cells that are held at a time: a word in a document is one, of two bytes. */
const mostCells = 1 << 28

/**
 * Information gain ratio of each word's presence over the labels (Forman 2003; Han, Cook & Baldwin 2014, section 4): IG(w)
 * over the entropy of the word's presence; natural logarithms. A word in all documents or in none has 0.
 *
 * Labels of the documents of each word are dealt out to one flat array and counted word by word: two passes over the
 * documents and two bytes an occurrence, in parts where there are more than 2^28.
 */
export async function informationGainRatios({ wordCount, labelCount, each }: LabelledDocuments): Promise<Float64Array> {
  const labelDocuments = new Float64Array(labelCount)
  const present = new Uint32Array(wordCount)
  const lastSeen = new Int32Array(wordCount)
  let total = 0
  await each((label, words, length) => {
    labelDocuments[label]!++
    total++
    for (let i = 0; i < length; i++) {
      const word = words[i]!
      if (lastSeen[word] === total) continue
      lastSeen[word] = total
      present[word]!++
    }
  })
  const ratioOf = ratioFrom(labelDocuments, total)
  const ratios = new Float64Array(wordCount)
  const Labels = labelCount <= 0x10000 ? Uint16Array : Uint32Array
  for (let first = 0, last = 0; first < wordCount; first = last) {
    let cells = 0
    while (last < wordCount && (last === first || cells + present[last]! <= mostCells)) cells += present[last++]!
    const next = new Float64Array(last - first + 1)
    for (let word = first; word < last; word++) next[word - first + 1] = next[word - first]! + present[word]!
    const labels = new Labels(cells)
    lastSeen.fill(0)
    let document = 0
    await each((label, words, length) => {
      document++
      for (let i = 0; i < length; i++) {
        const word = words[i]!
        if (word < first || word >= last || lastSeen[word] === document) continue
        lastSeen[word] = document
        labels[next[word - first]!++] = label
      }
    })
    for (let word = first, end = 0; word < last; word++) {
      const start = end
      end = next[word - first]!
      ratios[word] = ratioOf(labels, start, end)
    }
  }
  return ratios
}

/** A function from the labels of a word's documents, `labels[start..end]`, to its ratio. */
function ratioFrom(labelDocuments: Float64Array, total: number) {
  // n ln n of all counts there can be: a logarithm takes longer than a look.
  const xLogX = Float64Array.from({ length: total + 1 }, (_, n) => (n > 0 ? n * Math.log(n) : 0))
  // With counts n: N H(c) = N ln N - sum n ln n, so that only the labels of a word need to be visited.
  const sumLabels = labelDocuments.reduce((sum, count) => sum + xLogX[count]!, 0)
  const labelEntropy = xLogX[total]! - sumLabels
  const counts = new Uint32Array(labelDocuments.length)
  const touched = new Uint32Array(labelDocuments.length)

  return (labels: Uint16Array | Uint32Array, start: number, end: number): number => {
    let distinct = 0
    for (let i = start; i < end; i++) {
      const label = labels[i]!
      if (counts[label]!++ === 0) touched[distinct++] = label
    }
    // In the order of labels, so that sums do not depend on the order of documents.
    const visited = touched.subarray(0, distinct).sort()
    let sumPresent = 0
    let sumAbsent = sumLabels
    for (let i = 0; i < distinct; i++) {
      const label = visited[i]!
      const count = counts[label]!
      const all = labelDocuments[label]!
      counts[label] = 0
      sumPresent += xLogX[count]!
      sumAbsent += xLogX[all - count]! - xLogX[all]!
    }
    const present = end - start
    const gain = labelEntropy - (xLogX[present]! - sumPresent) - (xLogX[total - present]! - sumAbsent)
    const presence = xLogX[total]! - xLogX[present]! - xLogX[total - present]!
    return presence > 0 ? Math.max(0, gain / presence) : 0
  }
}
