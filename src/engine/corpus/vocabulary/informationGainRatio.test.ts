import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { informationGainRatio } from './informationGainRatio.ts'

/** The definition, word by word, over a table of documents. */
function slowRatio(word: number, documents: { label: number; words: Set<number> }[], labelCount: number): number {
  const entropy = (counts: number[]) => {
    const sum = counts.reduce((a, b) => a + b, 0)
    return counts.reduce((h, n) => (n > 0 ? h - (n / sum) * Math.log(n / sum) : h), 0)
  }
  const labelsOf = (some: typeof documents) => Array.from({ length: labelCount }, (_, label) => some.filter((document) => document.label === label).length)
  const having = documents.filter(({ words }) => words.has(word))
  const lacking = documents.filter(({ words }) => !words.has(word))
  if (having.length === 0 || lacking.length === 0) return 0
  const [p, q] = [having.length / documents.length, lacking.length / documents.length]
  const gain = entropy(labelsOf(documents)) - p * entropy(labelsOf(having)) - q * entropy(labelsOf(lacking))
  return gain / (-p * Math.log(p) - q * Math.log(q))
}

describe('informationGainRatio', () => {
  it('is what the definition gives', () => {
    const document = fc.record({ label: fc.nat(3), words: fc.uniqueArray(fc.nat(4)).map((words) => new Set(words)) })
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 30 }), (documents) => {
        const labelDocuments = Float64Array.from({ length: 4 }, (_, label) => documents.filter((one) => one.label === label).length)
        const offsets = [0]
        const labels: number[] = []
        const counts: number[] = []
        for (let word = 0; word < 5; word++) {
          for (let label = 0; label < 4; label++) {
            const count = documents.filter((one) => one.label === label && one.words.has(word)).length
            if (count === 0) continue
            labels.push(label)
            counts.push(count)
          }
          offsets.push(labels.length)
        }
        const ratios = informationGainRatio({
          labelDocuments,
          offsets: Float64Array.from(offsets),
          labels: Int32Array.from(labels),
          documents: Float64Array.from(counts),
        })
        ratios.forEach((ratio, word) => expect(ratio).toBeCloseTo(slowRatio(word, documents, 4), 9))
      }),
    )
  })
})
