import { placesOf, unitVectors } from '#engine/geo/unitVectors.ts'
import type { SiteCounts, VariantCounts } from './sites.ts'

/** More sites than this are taken together: products over all pairs of them are what the time goes into. */
export const mostSites = 2000

/**
 * Sites by cells of like numbers of informants, at most `mostCells`: the sites' unit vectors are halved at the weighted
 * median along the axis in which they spread most, the heaviest cell first. Ties go by the sites' order.
 * @returns the cell of each site, numbered by their first sites
 */
export function cellsOfSites(
  { lat, lon, informants }: Pick<SiteCounts, 'lat' | 'lon' | 'informants'>,
  mostCells = mostSites,
): Int32Array {
  const count = lat.length
  if (count <= mostCells) return Int32Array.from(lat.keys())
  const vectors = unitVectors({ lat, lon })
  const weightOf = (cell: Int32Array) => cell.reduce((sum, i) => sum + informants[i]!, 0)
  const all = Int32Array.from(lat.keys())
  const cells: { sites: Int32Array; weight: number }[] = [{ sites: all, weight: weightOf(all) }]
  while (cells.length < mostCells) {
    let heaviest = -1
    cells.forEach(({ sites, weight }, c) => {
      if (sites.length > 1 && (heaviest < 0 || weight > cells[heaviest]!.weight)) heaviest = c
    })
    if (heaviest < 0) break
    const halves = halve(cells[heaviest]!.sites, vectors, informants).map((sites) => ({
      sites,
      weight: weightOf(sites),
    }))
    cells.splice(heaviest, 1, ...halves)
  }
  const cellOf = new Int32Array(count)
  cells
    .sort((a, b) => firstOf(a.sites) - firstOf(b.sites))
    .forEach(({ sites }, c) => sites.forEach((i) => (cellOf[i] = c)))
  return cellOf
}

const firstOf = (sites: Int32Array) => sites.reduce((least, site) => Math.min(least, site), Infinity)

function halve(sites: Int32Array, vectors: Float64Array, informants: Float64Array): [Int32Array, Int32Array] {
  const spreads = [0, 1, 2].map((axis) => {
    let least = Infinity
    let most = -Infinity
    for (const i of sites) {
      least = Math.min(least, vectors[3 * i + axis]!)
      most = Math.max(most, vectors[3 * i + axis]!)
    }
    return most - least
  })
  const axis = spreads.indexOf(Math.max(...spreads))
  const sorted = sites.slice().sort((a, b) => vectors[3 * a + axis]! - vectors[3 * b + axis]! || a - b)
  const half = sorted.reduce((sum, i) => sum + informants[i]!, 0) / 2
  let passed = 0
  let at = 0
  while (at < sorted.length - 1 && passed + informants[sorted[at]!]! / 2 < half) passed += informants[sorted[at++]!]!
  at = Math.max(1, at)
  return [sorted.slice(0, at), sorted.slice(at)]
}

/** Counts by cell; a cell lies at the mean of its informants' unit vectors. */
export function mergeSites(counts: VariantCounts, cellOf: Int32Array): VariantCounts {
  const cells = cellOf.reduce((most, cell) => Math.max(most, cell), -1) + 1
  if (cells === counts.lat.length) return counts
  const vectors = unitVectors(counts)
  const sums = new Float64Array(3 * cells)
  const add = (values: Float64Array) => {
    const merged = new Float64Array(cells)
    values.forEach((value, i) => (merged[cellOf[i]!]! += value))
    return merged
  }
  cellOf.forEach((cell, i) => {
    for (let axis = 0; axis < 3; axis++) sums[3 * cell + axis]! += counts.informants[i]! * vectors[3 * i + axis]!
  })
  return { ...placesOf(sums), informants: add(counts.informants), users: counts.users.map(add) }
}
