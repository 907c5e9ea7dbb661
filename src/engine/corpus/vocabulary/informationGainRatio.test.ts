import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { informationGainRatios } from './informationGainRatio.ts'

/** The definition, word by word, over a table of documents. */
function slowRatio(word: number, documents: { label: number; words: Set<number> }[], labelCount: number): number {
  const entropy = (counts: number[]) => {
    const sum = counts.reduce((a, b) => a + b, 0)
    return counts.reduce((h, n) => (n > 0 ? h - (n / sum) * Math.log(n / sum) : h), 0)
  }
  const labelsOf = (some: typeof documents) =>
    Array.from({ length: labelCount }, (_, label) => some.filter((document) => document.label === label).length)
  const having = documents.filter(({ words }) => words.has(word))
  const lacking = documents.filter(({ words }) => !words.has(word))
  if (having.length === 0 || lacking.length === 0) return 0
  const [p, q] = [having.length / documents.length, lacking.length / documents.length]
  const gain = entropy(labelsOf(documents)) - p * entropy(labelsOf(having)) - q * entropy(labelsOf(lacking))
  return gain / (-p * Math.log(p) - q * Math.log(q))
}

describe('informationGainRatios', () => {
  it('is what the definition gives, whatever the order of documents', async () => {
    const document = fc.record({ label: fc.nat(3), words: fc.array(fc.nat(4), { maxLength: 8 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(document, { minLength: 1, maxLength: 30 }), async (documents) => {
        const ratiosOf = (some: typeof documents) =>
          informationGainRatios({
            wordCount: 5,
            labelDocuments: Float64Array.from(
              { length: 4 },
              (_, label) => some.filter((one) => one.label === label).length,
            ),
            async each(visit) {
              await Promise.resolve()
              for (const { label, words } of some.toSorted((a, b) => a.label - b.label))
                visit(label, Int32Array.from(words), 0, words.length)
            },
          })
        const ratios = await ratiosOf(documents)
        const sets = documents.map(({ label, words }) => ({ label, words: new Set(words) }))
        ratios.forEach((ratio, word) => expect(ratio).toBeCloseTo(slowRatio(word, sets, 4), 9))
        // To the bit: a tie must not be broken by how sums were rounded.
        expect(await ratiosOf(documents.toReversed())).toEqual(ratios)
      }),
    )
  })
})
