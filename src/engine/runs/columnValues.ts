import type { ColumnValues } from '#protocol/corpus.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'

/** A list that a person can choose from; a column with more values is one of numbers, or no condition. */
const mostListed = 500

/**
 * What is in a further column of a corpus, so that conditions on it can be chosen.
 * @throws EngineError 'corpus/no-column'
 */
export async function columnValues(directory: string, column: string): Promise<ColumnValues> {
  const corpus = await openCorpus(directory)
  try {
    const { values, codes } = await corpus.column(column)
    const counts = new Float64Array(values.length)
    let missing = 0
    for (const code of codes) {
      if (code < 0) missing++
      else counts[code]!++
    }
    const listed = values
      .map((value, code) => ({ value, documents: counts[code]! }))
      .sort((a, b) => b.documents - a.documents || (a.value < b.value ? -1 : 1))
    return {
      values: listed.slice(0, mostListed),
      distinct: values.length,
      missing,
      numbers: numbersOf(values, counts),
    }
  } finally {
    corpus.close()
  }
}

/** Least, greatest and middle number by documents; null where a value is none, or all have the same one. */
function numbersOf(values: string[], counts: Float64Array): ColumnValues['numbers'] {
  const numbers = values.map((value) => (value.trim() === '' ? NaN : Number(value)))
  if (numbers.length < 2 || !numbers.every(Number.isFinite)) return null
  const order = [...numbers.keys()].sort((a, b) => numbers[a]! - numbers[b]!)
  const half = counts.reduce((sum, count) => sum + count, 0) / 2
  let passed = 0
  const middle = order.find((code) => (passed += counts[code]!) >= half)!
  return { min: numbers[order[0]!]!, max: numbers[order.at(-1)!]!, median: numbers[middle]! }
}
