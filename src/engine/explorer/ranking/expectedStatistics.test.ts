import { expect, it } from 'vitest'
import { seededRandom } from '#engine/random.ts'
import { expectedStatistics } from './expectedStatistics.ts'
import { lengthBins, useByLength } from './lengthModel.ts'
import type { Population } from './nullDistribution.ts'

it('is the weighted sum of squares about a regression on log length, informant by informant', () => {
  const random = seededRandom(4)
  const [informants, cells, width] = [150, 12, 5]
  const rows = Float64Array.from({ length: cells * width }, () => random.normal())
  const cellOf = Int32Array.from({ length: informants }, () => random.below(cells))
  const bins = lengthBins(Float64Array.from({ length: informants }, () => 5 + random.below(9) ** 2))
  const members = Array.from(bins.counts, (_, bin) =>
    Int32Array.from(bins.binOf.keys()).filter((i) => bins.binOf[i] === bin),
  )
  const features = { bandwidthsKm: [2, 1], ends: [2, width], width, rows }
  const population: Population = { cellOf, bins, features, members }
  const byGroup = new Float64Array(members.length * width)
  bins.binOf.forEach((bin, i) => {
    for (let k = 0; k < width; k++) byGroup[bin * width + k]! += rows[cellOf[i]! * width + k]!
  })
  const word = { n: 60, meanLogLength: 3.2 }

  const p = useByLength(bins, word.n, word.n * word.meanLogLength)
  const weights = Array.from(bins.binOf, (bin) => p[bin]! * (1 - p[bin]!))
  const u = Array.from(bins.binOf, (bin) => bins.logLength[bin]!)
  const sum = (of: (i: number) => number) => weights.reduce((all, w, i) => all + w * of(i), 0)
  const twin = [0, 0]
  for (let k = 0; k < width; k++) {
    const x = (i: number) => rows[cellOf[i]! * width + k]!
    const [s0, s1, s2, x0, x1] = [
      sum(() => 1),
      sum((i) => u[i]!),
      sum((i) => u[i]! ** 2),
      sum(x),
      sum((i) => u[i]! * x(i)),
    ]
    const slope = (s0 * x1 - s1 * x0) / (s0 * s2 - s1 * s1)
    const level = (x0 - slope * s1) / s0
    twin[k < 2 ? 0 : 1]! += sum((i) => (x(i) - level - slope * u[i]!) ** 2)
  }
  const expected = expectedStatistics(population, byGroup)(word)
  twin.forEach((value, h) => expect(expected[h]).toBeCloseTo(value, 8))
})
