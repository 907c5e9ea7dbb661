import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WeightsRule } from '#protocol/areaStatistics.ts'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { areaStatistics } from './areaStatistics.ts'
import { conditionalPermutation } from './conditionalPermutation.ts'
import { empiricalBayes, smoothedRates, standardisedRates, type AreaCounts } from './empiricalBayes.ts'
import { falseDiscoveries } from './falseDiscoveries.ts'
import { geary, moran } from './globalStatistics.ts'
import { joinCounts } from './joinCounts.ts'
import { gStar, gWithoutSelf, localMoran, quadrants } from './localStatistics.ts'
import { normalTail } from './normalTail.ts'
import { fromLists, rowStandardised, spatialWeights, type SpatialWeights } from './spatialWeights.ts'

const folder = resolve('../shared/dialectometry/4-harvard-rates')
const reference = (name: string) => join(folder, 'reference', name)
const json = (name: string) => JSON.parse(readFileSync(reference(name), 'utf8')) as Record<string, never>
const table = (path: string): Record<string, string>[] => parse(readFileSync(path), { columns: true })
const column = (rows: Record<string, string>[], name: string) => Float64Array.from(rows, (row) => Number(row[name]))

interface StoredWeights {
  neighbours_by_unit_0_based: number[][]
  weights?: number[][]
}
const cases: { units: string; key: string; rule: WeightsRule | null; local: string[] }[] = [
  { units: 'state', key: 'knn5', rule: { kind: 'knn', neighbours: 5 }, local: ['pop', 'yall'] },
  { units: 'state', key: 'band600km', rule: { kind: 'band', km: 600 }, local: ['pop', 'yall'] },
  { units: 'state', key: 'inverse600km', rule: null, local: ['pop', 'yall'] },
  { units: 'zip3', key: 'knn8', rule: { kind: 'knn', neighbours: 8 }, local: ['pop'] },
  { units: 'zip3', key: 'band200km', rule: { kind: 'band', km: 200 }, local: ['pop'] },
]

/** The largest difference, in units of the reference where that is above 1. */
const farthest = (ours: Float64Array, theirs: Float64Array) =>
  theirs.reduce(
    (most, value, i) =>
      Number.isNaN(value) ? most : Math.max(most, Math.abs(ours[i]! - value) / Math.max(1, Math.abs(value))),
    0,
  )

// The reference numbers lie beside the project's folder; without them there is nothing to compare with.
describe.skipIf(!existsSync(folder))('the numbers of esda on the Harvard survey', () => {
  for (const { units, key, rule, local } of cases) {
    const rows = existsSync(folder) ? table(join(folder, `rates-by-${units}.csv`)) : []
    const weightsOf = (): SpatialWeights => {
      const stored = json(`weights_${units}.json`)[key] as unknown as StoredWeights
      return fromLists(
        stored.neighbours_by_unit_0_based.map((list, i) =>
          list.map((j, at): [number, number] => [j, stored.weights?.[i]?.[at] ?? 1]),
        ),
      )
    }
    if (rule)
      it(`${units}: neighbours by ${key}`, () => {
        const centres = { lat: column(rows, 'latitude'), lon: column(rows, 'longitude') }
        expect(spatialWeights(rule, centres, new Int32Array())).toEqual(weightsOf())
      })

    for (const variant of local) {
      const question = variant === 'pop' ? 'n_q105' : 'n_q050'
      const counts: AreaCounts = { users: column(rows, variant), informants: column(rows, question) }
      const rate = counts.users.map((users, i) => users / counts.informants[i]!)

      it(`${units} ${key} ${variant}: global statistics`, () => {
        const weights = weightsOf()
        const theirs = (json(`global_${units}.json`)[key] as never)[`${variant}_share`] as Record<
          string,
          Record<string, number>
        >
        const byRow = rowStandardised(weights)
        const pairs: [ReturnType<typeof moran>, Record<string, number>][] = [
          [moran(rate, byRow), theirs.moran_row!],
          [moran(rate, weights), theirs.moran_binary_or_raw!],
          [moran(standardisedRates(counts, empiricalBayes(counts)), byRow), theirs.moran_rate_empirical_bayes!],
        ]
        for (const [ours, their] of pairs) {
          expect(ours.i).toBeCloseTo(their.I!, 10)
          expect(ours.variance).toBeCloseTo(their.VI_rand!, 12)
          expect(Math.abs(ours.z / their.z_rand! - 1)).toBeLessThan(1e-8)
          expect(Math.abs(ours.p - their.p_rand_two_sided!)).toBeLessThanOrEqual(1e-8 * their.p_rand_two_sided!)
        }
        for (const [ours, their] of [
          [geary(rate, byRow), theirs.geary_row!],
          [geary(rate, weights), theirs.geary_binary_or_raw!],
        ] as const) {
          expect(ours.c).toBeCloseTo(their.C!, 10)
          expect(ours.variance).toBeCloseTo(their.VC_rand!, 12)
          expect(Math.abs(ours.p - their.p_rand!)).toBeLessThanOrEqual(1e-8 * their.p_rand!)
        }
      })

      it(`${units} ${key} ${variant}: local statistics and smoothed rates`, () => {
        const weights = weightsOf()
        const byRow = rowStandardised(weights)
        const theirs = table(reference(`${units}_local_${key}_${variant}_share.csv`))
        const bayes = empiricalBayes(counts)
        const same: [string, Float64Array][] = [
          ['local_moran_I', localMoran(rate, byRow)],
          ['assuncao_standardised_rate', standardisedRates(counts, bayes)],
          ['local_moran_rate_I', localMoran(standardisedRates(counts, bayes), byRow)],
          ['empirical_bayes_rate', smoothedRates(counts, bayes)],
        ]
        if (key !== 'inverse600km')
          same.push(['Gi_B_z', gWithoutSelf(rate, weights)], ['Gstar_B_z', gStar(rate, weights)])
        for (const [name, ours] of same) {
          expect(theirs[0]).toHaveProperty(name)
          expect(farthest(ours, column(theirs, name)), name).toBeLessThan(1e-8)
        }
        const islands = theirs.map((_, i) => weights.starts[i] === weights.starts[i + 1])
        const quadrant = quadrants(rate, byRow)
        theirs.forEach((row, i) => {
          if (!islands[i]) expect(quadrant[i], row.unit).toBe(Number(row.local_moran_quadrant))
        })
      })

      it(`${units} ${key} ${variant}: join counts`, () => {
        const weights = { ...weightsOf() }
        weights.values = weights.values.map(() => 1)
        const theirs = (json(`global_${units}.json`)[key] as never)[`${variant}_share`] as Record<string, never>
        const { black, BB, WW, BW } = theirs.join_counts as unknown as Record<string, number>
        // Black are the areas in which the answer is the most frequent one of its question, or above the mean share.
        const mean = rate.reduce((sum, value) => sum + value, 0) / rate.length
        const colours = Int32Array.from(rows, (row, i) =>
          (variant === 'pop' ? row.most_frequent_q105 === 'pop' : rate[i]! > mean) ? 1 : 0,
        )
        expect(colours.reduce((sum, colour) => sum + colour, 0)).toBe(black)
        const { same, different } = joinCounts(colours, weights)
        expect([same[0]!.count, same[1]!.count, different.count]).toEqual([WW, BB, BW])
        if (!key.startsWith('knn')) return
        // spdep leaves areas without neighbours out of n; nearest neighbours leave none.
        const spdep = theirs.R_spdep as unknown as Record<string, { variance: number; z: number }>
        for (const [name, ours] of [
          ['joincount_styleB_same_colour_0', same[0]!],
          ['joincount_styleB_same_colour_1', same[1]!],
          ['joincount_multi_styleB_Jtot', different],
        ] as const)
          expect(Math.abs(ours.z / spdep[name]!.z - 1), name).toBeLessThan(1e-8)
      })
    }
  }
})

describe('weights', () => {
  it('of a kernel fall off and end; borders join both ways, and a standardised row adds up to 1', () => {
    const centres = { lat: Float64Array.of(0, 0, 0), lon: Float64Array.of(0, 1, 5) }
    const kernel = spatialWeights({ kind: 'kernel', km: 100 }, centres, new Int32Array())
    expect([...kernel.neighbours]).toEqual([1, 0])
    expect(kernel.values[0]).toBeCloseTo(Math.exp(-(((6371 * Math.PI) / 180 / 100) ** 2) / 2), 12)
    const joined = spatialWeights({ kind: 'contiguity' }, centres, Int32Array.of(1, 0, 1, 2, 2, 1, 2, 2))
    expect([...joined.starts]).toEqual([0, 1, 3, 4])
    expect([...rowStandardised(joined).values]).toEqual([1, 0.5, 0.5, 1])
  })
})

describe('joins of several colours', () => {
  it('have the mean and variance of all ways to deal the colours', () => {
    const colours = [0, 0, 1, 1, 2, 2, 2]
    const links = [[1, 2], [0, 3], [0, 5, 6], [1], [6], [2, 4], [2]]
    const weights = fromLists(links.map((list, i) => list.map((j): [number, number] => [j, 1 + ((i * j) % 3)])))
    const counts: number[][] = []
    const deal = (left: number[], dealt: number[]) => {
      if (left.length === 0) {
        const { same, different } = joinCounts(Int32Array.from(dealt), weights)
        counts.push([...same, different].map(({ count }) => count))
      } else
        left.forEach((colour, at) =>
          deal(
            left.filter((_, k) => k !== at),
            [...dealt, colour],
          ),
        )
    }
    deal(colours, [])
    const { same, different } = joinCounts(Int32Array.from(colours), weights)
    ;[...same, different].forEach(({ expected, variance }, kind) => {
      const all = counts.map((row) => row[kind]!)
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length
      expect(expected).toBeCloseTo(mean, 10)
      expect(variance).toBeCloseTo(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length, 9)
    })
  })
})

describe('conditional permutation', () => {
  const line = (n: number) =>
    fromLists(Array.from({ length: n }, (_, i) => [i - 1, i + 1].filter((j) => j >= 0 && j < n).map((j) => [j, 1])))

  it('has the share of all pairs of neighbours that lie as far from expectation', async () => {
    const x = Float64Array.from([0.9, 0.8, 0.85, 0.2, 0.1, 0.4, 0.3, 0.15, 0.5, 0.6])
    const p = await conditionalPermutation(x, rowStandardised(line(10)), { seed: 1 }, quietContext)
    for (let i = 1; i < 9; i++) {
      const others = [...x].filter((_, j) => j !== i)
      const mean = others.reduce((sum, value) => sum + value, 0) / 9
      const bound = Math.abs((x[i - 1]! + x[i + 1]!) / 2 - mean) - 1e-12
      let [asFar, all] = [0, 0]
      others.forEach((a, k) =>
        others.forEach((b, l) => {
          if (k === l) return
          all++
          if (Math.abs((a + b) / 2 - mean) >= bound) asFar++
        }),
      )
      // Four standard errors of a p that ended at a hundred hits.
      expect(Math.abs(p[i]! - asFar / all)).toBeLessThan(0.4 * (asFar / all) + 0.002)
    }
  })

  it('is uniform where there is no pattern', async () => {
    const random = seededRandom(8)
    const all: number[] = []
    for (let round = 0; round < 40; round++) {
      const x = Float64Array.from({ length: 60 }, () => random.normal())
      all.push(...(await conditionalPermutation(x, line(60), { seed: round }, quietContext)))
    }
    for (const level of [0.05, 0.2, 0.5])
      expect(Math.abs(all.filter((p) => p <= level).length / all.length - level)).toBeLessThan(0.035)
  })

  it('tells a gathering of high rates from the rest, and leaves islands out', async () => {
    const n = 80
    const weights = line(n)
    const islands = fromLists(
      Array.from({ length: n }, (_, i) =>
        i === 0 ? [] : [...weights.neighbours.slice(weights.starts[i], weights.starts[i + 1])].map((j) => [j, 1]),
      ),
    )
    const random = seededRandom(2)
    const informants = new Float64Array(n).fill(100)
    const users = informants.map((_, i) => (i >= 30 && i < 40 ? 80 : 20) + random.below(10))
    const found = await areaStatistics({ users, informants }, islands, { seed: 1 }, quietContext)
    expect(found.islands).toBe(1)
    expect(found.p[0]).toBeNaN()
    expect(found.q[35]).toBeLessThan(0.2)
    expect(found.gStar[35]).toBeGreaterThan(3)
    expect(found.quadrant[35]).toBe(1)
    expect(found.moran.z).toBeGreaterThan(5)
    expect(found.smoothed[35]).toBeLessThan(found.rate[35]!)
    expect(found.joinCounts.same[1]!.z).toBeGreaterThan(3)
  })
})

describe('false discoveries', () => {
  it('are the least level at which the procedure keeps the hypothesis', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (ps) => {
        const q = falseDiscoveries(Float64Array.from(ps))
        const sorted = [...ps].sort((a, b) => a - b)
        ps.forEach((p, i) => {
          const slow = Math.min(1, ...sorted.flatMap((s, k) => (s >= p ? [(s * ps.length) / (k + 1)] : [])))
          expect(q[i]).toBeCloseTo(slow, 12)
        })
      }),
    )
  })
})

describe('the normal tail', () => {
  it('joins where its two forms meet and has the table of the normal distribution', () => {
    expect(normalTail(0)).toBe(0.5)
    expect(normalTail(1.959963984540054)).toBeCloseTo(0.025, 14)
    expect(normalTail(-1.6448536269514722)).toBeCloseTo(0.95, 14)
    const seam = 2 * Math.SQRT2
    expect(normalTail(seam - 1e-9) / normalTail(seam + 1e-9) - 1).toBeLessThan(1e-7)
    expect(normalTail(10) / 7.619853024160527e-24).toBeCloseTo(1, 11)
  })
})
