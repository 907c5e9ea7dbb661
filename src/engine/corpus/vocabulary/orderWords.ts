import type { WordTable } from '#engine/corpus/text/wordTable.ts'

/**
 * Sorts words by falling `score` (of the number of the word in `ids`), then by falling count, then by code point: one
 * order, whatever the order in which they were found.
 */
export function orderWords(words: WordTable, ids: Uint32Array, score?: (index: number) => number): Uint32Array {
  const scores = score ? Float64Array.from(ids, (_, index) => score(index)) : null
  const counts = Uint32Array.from(ids, (id) => words.count(id))
  const prefixes = Float64Array.from(ids, (id) => words.prefix(id))
  const order = Uint32Array.from(ids.keys()).sort(
    (a, b) =>
      (scores ? scores[b]! - scores[a]! : 0) ||
      counts[b]! - counts[a]! ||
      prefixes[a]! - prefixes[b]! ||
      words.compare(ids[a]!, ids[b]!),
  )
  return order.map((index) => ids[index]!)
}
