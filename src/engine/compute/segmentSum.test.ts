import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { segmentSum, type SegmentEntries } from './segmentSum.ts'
import { loadTensorFlow } from './tensorflow.ts'
import type { TensorFlow } from './types.ts'

let tf: TensorFlow
let native: string
beforeAll(async () => {
  ;({ tf } = await loadTensorFlow())
  native = tf.getBackend()
})
afterAll(() => tf.setBackend(native))

const random = seededRandom(5)
const table = Array.from({ length: 40 }, () => Array.from({ length: 7 }, () => random.normal()))
const many: SegmentEntries = {
  rows: Int32Array.from({ length: 300 }, () => random.below(40)),
  segments: Int32Array.from({ length: 300 }, () => random.below(60)).sort(),
  segmentCount: 64,
}
const none: SegmentEntries = { rows: new Int32Array(0), segments: new Int32Array(0), segmentCount: 3 }

describe.each(['tensorflow', 'cpu'])('segmentSum on %s', (backend) => {
  it.each([
    ['entries', many],
    ['no entries', none],
  ])('adds the rows of each segment: %s', async (_, entries) => {
    await tf.setBackend(backend)
    const expected = Array.from({ length: entries.segmentCount }, () => new Array<number>(7).fill(0))
    entries.rows.forEach((row, i) => table[row]!.forEach((value, k) => (expected[entries.segments[i]!]![k]! += value)))
    const before = tf.memory().numTensors
    const sums = tf.tidy(() => segmentSum(tf, tf.tensor2d(table), entries))
    expect(sums.shape).toEqual([entries.segmentCount, 7])
    const found = Array.from(sums.dataSync())
    expected.flat().forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5))
    sums.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
