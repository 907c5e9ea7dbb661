import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { plainWeightRows, weightRows, type WeightRows } from './weightRows.ts'

it.each([1, 3, 4, 7, 130])(
  'gives the same numbers in WebAssembly as in JavaScript, to the bit: %i labels',
  (labelCount) => {
    const shape = { columnCount: 40, labelCount, longest: 11 }
    const walked = (rows: WeightRows) => {
      const random = seededRandom(labelCount)
      for (let update = 0; update < 30; update++) {
        const size = random.below(12)
        for (let i = 0; i < size; i++) {
          rows.active[i] = random.below(40) * labelCount
          rows.strengths[i] = random.next()
        }
        for (let label = 0; label < labelCount; label++) rows.logits[label] = random.next()
        rows.add(size)
        rows.error.set(rows.logits.map((logit) => Math.sin(logit)))
        for (let i = 0; i < size; i++) rows.update(rows.active[i]!, i % 2 ? 1 : 0.97, 0.3 * rows.strengths[i]!)
      }
      return [Array.from(rows.weights), Array.from(rows.logits)]
    }
    const found = walked(weightRows(shape))
    expect(found).toEqual(walked(plainWeightRows(shape)))
    expect(found[0]!.some((weight) => weight !== 0)).toBe(true)
  },
)
