import { expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { areaDifferences } from './areaDifferences.ts'

const random = seededRandom(9)
const documents = 1200
/** Four areas: b is 20 km better in the first, as good in the second, 20 km worse in the third; the last has one unit. */
const areaOf = Int32Array.from({ length: documents }, (_, i) => (i < 10 ? 3 : i % 3))
const clusterOf = Int32Array.from({ length: documents }, (_, i) => (i < 10 ? 0 : 1 + Math.floor(i / 4)))
const a = Float64Array.from({ length: documents }, () => 100 + 30 * random.normal())
const b = a.map((km, i) => km + [-20, 0, 20, 5][areaOf[i]!]! + 30 * random.normal())
const input = { areaOf, areas: 4, clusterOf, resamples: 1000, seed: 1 }

it('finds where one is better, by the difference of the means of the area', async () => {
  const [[first, second, third, last]] = (await areaDifferences(
    { ...input, errorsKm: [a, b], pairs: [[0, 1]] },
    quietContext,
  )) as [[Difference, Difference, Difference, Difference]]
  const meanIn = (area: number, values: Float64Array) => {
    const own = values.filter((_, i) => areaOf[i] === area)
    return own.reduce((sum, value) => sum + value, 0) / own.length
  }
  expect(first.differenceKm).toBeCloseTo(meanIn(0, b) - meanIn(0, a), 10)
  expect(first.meanErrorKm.b).toBeCloseTo(meanIn(0, b), 10)
  expect(first.interval[1]).toBeLessThan(-10)
  expect(second.interval[0]).toBeLessThan(0)
  expect(second.interval[1]).toBeGreaterThan(0)
  expect(third.interval[0]).toBeGreaterThan(10)
  // Of one unit nothing can be drawn but itself.
  expect(last.interval).toEqual([expect.closeTo(last.differenceKm, 9), expect.closeTo(last.differenceKm, 9)])
})

type Difference = Awaited<ReturnType<typeof areaDifferences>>[number][number]

it('intervals hold the truth in about 95 of 100 areas', async () => {
  let held = 0
  for (let trial = 0; trial < 200; trial++) {
    const none = a.map((km) => km + 30 * random.normal())
    const [[first]] = (await areaDifferences(
      { ...input, resamples: 400, errorsKm: [a, none], pairs: [[0, 1]] },
      quietContext,
    )) as [[Difference]]
    if (first.interval[0] <= 0 && first.interval[1] >= 0) held++
  }
  expect(held / 200).toBeGreaterThan(0.9)
  expect(held / 200).toBeLessThan(0.99)
}, 60_000)
