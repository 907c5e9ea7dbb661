import { expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { seededRandom } from '#engine/random.ts'
import { chordKm } from '../chords.ts'
import { commonFactors, factorScores } from './commonFactors.ts'
import { factorCount, kernelOf, scoresOf } from './factorCount.ts'
import { localScores, type CellMap } from './localScores.ts'
import { principalComponents, standardMaps } from './principalComponents.ts'
import { varimax } from './varimax.ts'
import { wardGroups } from './wardGroups.ts'

/** 60 cells of 20 to 40 informants, and words whose share depends on the place, which is 0 to 1 from west to east and from south to north. */
function planted(shares: ShareAt[], seed = 1) {
  const random = seededRandom(seed)
  const at = Array.from({ length: 60 }, () => [random.next(), random.next()] as const)
  const vectors = unitVectors({
    lat: Float64Array.from(at, ([, north]) => 45 + 8 * north),
    lon: Float64Array.from(at, ([east]) => 5 + 12 * east),
  })
  const informants = Float64Array.from(at, () => 20 + random.below(21))
  const maps = shares.map((shareAt, word): CellMap => {
    const users = Float64Array.from(at, ([east, north], cell) => {
      let count = 0
      for (let i = 0; i < informants[cell]!; i++) count += random.next() < shareAt(east, north) ? 1 : 0
      return count
    })
    const share = users.reduce((sum, n) => sum + n, 0) / informants.reduce((sum, n) => sum + n, 0)
    return {
      name: `w${word}`,
      users,
      expected: informants.map((n) => share * n),
      variance: informants.map((n) => share * (1 - share) * n),
    }
  })
  return { cells: { vectors, informants }, maps, wanted: new Uint8Array(60).fill(1) }
}
type ShareAt = (east: number, north: number) => number
const flat: ShareAt = () => 0.2
const eastern = (east: number) => 0.1 + 0.3 * east
const northern = (_: number, north: number) => 0.1 + 0.3 * north
const western = (east: number) => 0.4 - 0.3 * east
const maps20 = [...Array<ShareAt>(7).fill(eastern), ...Array<ShareAt>(5).fill(western), ...Array<ShareAt>(8).fill(northern)] // prettier-ignore
const bandwidthKm = 150

const correlation = (a: number[], b: number[]) => {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  const sum = (f: (i: number) => number) => a.reduce((total, _, i) => total + f(i), 0)
  return sum((i) => (a[i]! - ma) * (b[i]! - mb)) / Math.sqrt(sum((i) => (a[i]! - ma) ** 2) * sum((i) => (b[i]! - mb) ** 2)) // prettier-ignore
}

it('scores places as the sums over all cells do, one by one', async () => {
  const { cells, maps, wanted } = planted([eastern, northern])
  const { values } = await localScores(maps, cells, { vectors: cells.vectors, wanted }, bandwidthKm, quietContext)
  for (const [map, { users, expected, variance }] of maps.entries())
    for (let target = 0; target < 60; target++) {
      let [above, below] = [0, 0]
      for (let cell = 0; cell < 60; cell++) {
        const kernel = Math.exp(-(chordKm(cells.vectors, target, cells.vectors, cell) ** 2) / (2 * bandwidthKm ** 2))
        above += kernel * (users[cell]! - expected[cell]!)
        below += kernel ** 2 * variance[cell]!
      }
      expect(values[map * 60 + target]).toBeCloseTo(above / Math.sqrt(below), 5)
    }
})

it('turns two factors to where a search of all angles has the criterion greatest', () => {
  const random = seededRandom(4)
  const loadings = Float64Array.from({ length: 60 }, () => random.normal())
  const criterion = (rows: Float64Array) => {
    let sum = 0
    for (const k of [0, 1]) {
      let [square, fourth] = [0, 0]
      for (let map = 0; map < 30; map++) {
        const share = rows[2 * map + k]! ** 2 / (rows[2 * map]! ** 2 + rows[2 * map + 1]! ** 2)
        square += share
        fourth += share ** 2
      }
      sum += fourth / 30 - (square / 30) ** 2
    }
    return sum
  }
  const turned = (angle: number) =>
    loadings.map((value, at) =>
      at % 2 === 0
        ? Math.cos(angle) * value + Math.sin(angle) * loadings[at + 1]!
        : Math.cos(angle) * value - Math.sin(angle) * loadings[at - 1]!,
    )
  let best = 0
  for (let step = 0; step < 3600; step++) best = Math.max(best, criterion(turned((step * Math.PI) / 3600)))
  const found = varimax(loadings, 2)
  expect(criterion(found.loadings)).toBeGreaterThan(best - 1e-9)
  expect(criterion(found.loadings)).toBeLessThan(best + 1e-5)
  // What a map has in common with all factors together stays.
  for (let map = 0; map < 30; map++)
    expect(Math.hypot(found.loadings[2 * map]!, found.loadings[2 * map + 1]!)).toBeCloseTo(
      Math.hypot(loadings[2 * map]!, loadings[2 * map + 1]!),
      10,
    )
})

it.each([
  ['fewer maps than cells', maps20],
  ['more maps than cells', [...maps20, ...maps20, ...maps20, ...maps20]],
])('has loadings that are correlations of maps with uncorrelated scores: %s', async (_, shares) => {
  const { cells, maps, wanted } = planted(shares)
  const { values } = await localScores(maps, cells, { vectors: cells.vectors, wanted }, bandwidthKm, quietContext)
  const standard = standardMaps(values, maps.length)
  const found = commonFactors(standard, 3)
  const scores = factorScores(found, standard.values, 60)
  const column = (k: number) => Array.from({ length: 60 }, (__, cell) => scores[3 * cell + k]!)
  for (const map of maps.keys())
    for (const k of [0, 1, 2])
      expect(found.loadings[3 * map + k]).toBeCloseTo(
        correlation(Array.from(values.subarray(60 * map, 60 * map + 60)), column(k)),
        8,
      )
  for (const [i, j] of [[0, 1], [0, 2], [1, 2]] as const) expect(correlation(column(i), column(j))).toBeCloseTo(0, 8) // prettier-ignore
  expect([...found.shares].toSorted((a, b) => b - a)).toEqual([...found.shares])
  const { eigenvalues } = principalComponents(standard, 0)
  expect(eigenvalues.reduce((sum, value) => sum + value, 0)).toBeCloseTo(maps.length, 6)
})

it('finds two planted patterns, and that there are two', async () => {
  const { cells, maps, wanted } = planted(maps20)
  const { values } = await localScores(maps, cells, { vectors: cells.vectors, wanted }, bandwidthKm, quietContext)
  const standard = standardMaps(values, maps.length)
  const { count } = await factorCount(maps, cells.vectors, { bandwidthKm, seed: 1, most: 19 }, quietContext)
  expect(count).toBe(2)
  const { loadings } = commonFactors(standard, 2)
  const of = (map: number, k: number) => loadings[2 * map + k]!
  for (const map of maps.keys()) {
    const [own, other] = map < 12 ? [of(map, 0), of(map, 1)] : [of(map, 1), of(map, 0)]
    expect(Math.abs(own)).toBeGreaterThan(0.8)
    expect(Math.abs(other)).toBeLessThan(0.5)
    expect(Math.sign(own)).toBe(map < 7 || map >= 12 ? 1 : -1)
  }
})

it('sees a weak pattern beside a strong one', async () => {
  const strong = (east: number) => 0.02 + 0.9 * east
  const weak: ShareAt = (_, north) => 0.2 + 0.14 * north
  const { cells, maps } = planted([...Array<ShareAt>(16).fill(strong), ...Array<ShareAt>(4).fill(weak)], 3)
  const { count } = await factorCount(maps, cells.vectors, { bandwidthKm, seed: 1, most: 19 }, quietContext)
  expect(count).toBe(2)
})

it('finds none where place does nothing', async () => {
  let found = 0
  for (let seed = 1; seed <= 20; seed++) {
    const { cells, maps } = planted(Array<ShareAt>(20).fill(flat), seed)
    const { count } = await factorCount(maps, cells.vectors, { bandwidthKm, seed, most: 19 }, quietContext)
    found += count > 0 ? 1 : 0
  }
  // Each has one chance in twenty; more than four have one in forty.
  expect(found).toBeLessThanOrEqual(4)
})

it('has the local scores of the cells by products, too', async () => {
  const { cells, maps, wanted } = planted(maps20)
  const { values } = await localScores(maps, cells, { vectors: cells.vectors, wanted }, bandwidthKm, quietContext)
  const order = Int32Array.from({ length: 60 }, (_, cell) => cell)
  const products = scoresOf(maps, kernelOf(cells.vectors, bandwidthKm), order)
  products.forEach((value, at) => expect(value).toBeCloseTo(values[at]!, 3))
})

it('joins groups as a search over all unions does', () => {
  const random = seededRandom(9)
  const scores = Float64Array.from({ length: 2 * 40 }, (_, i) => random.normal() + (i % 4 < 2 ? 2 : 0))
  const spread = (group: number[]) => {
    const mean = [0, 1].map((k) => group.reduce((sum, place) => sum + scores[2 * place + k]!, 0) / group.length)
    return group.reduce((sum, place) => sum + (scores[2 * place]! - mean[0]!) ** 2 + (scores[2 * place + 1]! - mean[1]!) ** 2, 0) // prettier-ignore
  }
  const groups = Array.from({ length: 40 }, (_, place) => [place])
  while (groups.length > 5) {
    let best = { cost: Infinity, a: 0, b: 0 }
    groups.forEach((one, a) => {
      groups.slice(a + 1).forEach((other, offset) => {
        const cost = spread([...one, ...other]) - spread(one) - spread(other)
        if (cost < best.cost) best = { cost, a, b: a + 1 + offset }
      })
    })
    groups[best.a] = [...groups[best.a]!, ...groups[best.b]!]
    groups.splice(best.b, 1)
    if (![20, 5].includes(groups.length)) continue
    const sorted = groups.map((group) => group.toSorted((x, y) => x - y)).sort((x, y) => x[0]! - y[0]!)
    const found = wardGroups(scores, 2, groups.length)
    expect(sorted.map((group) => group.map((place) => found[place]))).toEqual(
      sorted.map((group, number) => group.map(() => number)),
    )
  }
})
