import fc from 'fast-check'
import { expect, test } from 'vitest'
import { averagePosteriors, averageShares } from './averagePosteriors.ts'

/** The product of probabilities, each to the power of one over their number, over the sum of such products. */
function slowAverage(models: number[][]): number[] {
  const products = models[0]!.map((_, label) =>
    models.reduce((product, one) => product * Math.pow(one[label]!, 1 / models.length), 1),
  )
  const sum = products.reduce((total, product) => total + product, 0)
  return products.map((product) => product / sum)
}

const shares = fc
  .array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
  .map((values) => values.map((value) => value / values.reduce((sum, other) => sum + other, 0)))

test('posteriors are averaged as products of probabilities are', () => {
  const documents = fc.array(fc.array(shares, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(documents, (rows) => {
      const posteriors = [0, 1, 2].map((model) => ({
        labelCount: 4,
        logProbabilities: Float32Array.from(rows.flatMap((row) => row[model]!.map(Math.log))),
      }))
      const { labelCount, logProbabilities } = averagePosteriors(posteriors)
      expect(labelCount).toBe(4)
      rows.forEach((row, i) =>
        slowAverage(row).forEach((p, label) => expect(Math.exp(logProbabilities[4 * i + label]!)).toBeCloseTo(p, 5)),
      )
      const [one] = rows as [number[][]]
      Array.from(averageShares(one.map((own) => Float64Array.from(own)))).forEach((p, label) =>
        expect(p).toBeCloseTo(slowAverage(one)[label]!, 9),
      )
    }),
  )
})

test('what one model says is impossible stays comparable, and other labels are refused', () => {
  const none = { labelCount: 2, logProbabilities: Float32Array.of(-Infinity, 0) }
  const other = { labelCount: 2, logProbabilities: Float32Array.of(0, -Infinity) }
  for (const log of averagePosteriors([none, other]).logProbabilities) expect(Math.exp(log)).toBeCloseTo(0.5, 6)
  const three = { labelCount: 3, logProbabilities: Float32Array.of(0, -9, -9) }
  expect(() => averagePosteriors([none, three])).toThrow(/Posteriors of 2 labels/)
})
