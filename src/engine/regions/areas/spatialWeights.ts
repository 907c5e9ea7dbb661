import type { WeightsRule } from '#protocol/areaStatistics.ts'
import type { Points } from '#engine/geo/points.ts'
import { haversineKm } from '#pure/greatCircle.ts'

/**
 * Who is whose neighbour, and how near, by rows: the neighbours of area i are `neighbours[starts[i]..starts[i + 1]]`,
 * ascending and never i itself. Links may be one-sided, as nearest neighbours are; an area without any is an island.
 */
export interface SpatialWeights {
  starts: Int32Array
  neighbours: Int32Array
  values: Float64Array
  /** What an area counts for itself in Gi*: 1, and a kernel's value at 0 is 1 too. */
  self: 1
}

/** Beyond so many bandwidths a Gaussian kernel counts as nothing (e^-8). */
const kernelReach = 4

/**
 * Weights by a rule: the k nearest with weight 1 (ties go to the lower area), all within some km with weight 1, or a
 * Gaussian kernel exp(-d² / 2h²) out to four bandwidths.
 * @param centres a place for each area; distances are great circles
 * @param borders for contiguity, pairs of areas that share a border, flat: a1, b1, a2, b2
 */
export function spatialWeights(rule: WeightsRule, centres: Points, borders: Int32Array): SpatialWeights {
  const count = centres.lat.length
  if (rule.kind === 'contiguity') return fromLists(contiguous(count, borders))
  const lists = Array.from({ length: count }, (_, i) => {
    const others: Link[] = []
    for (let j = 0; j < count; j++) {
      if (j === i) continue
      const km = haversineKm(centres.lat[i]!, centres.lon[i]!, centres.lat[j]!, centres.lon[j]!)
      if (rule.kind === 'knn') others.push([j, km])
      else if (rule.kind === 'band' && km <= rule.km) others.push([j, 1])
      else if (rule.kind === 'kernel' && km <= kernelReach * rule.km)
        others.push([j, Math.exp(-(km * km) / (2 * rule.km * rule.km))])
    }
    if (rule.kind !== 'knn') return others
    return others
      .sort((a, b) => a[1] - b[1] || a[0] - b[0])
      .slice(0, rule.neighbours)
      .map(([j]): Link => [j, 1])
      .sort((a, b) => a[0] - b[0])
  })
  return fromLists(lists)
}

type Link = [neighbour: number, weight: number]

function contiguous(count: number, borders: Int32Array): Link[][] {
  const sets = Array.from({ length: count }, () => new Set<number>())
  for (let at = 0; at < borders.length; at += 2) {
    const [a, b] = [borders[at]!, borders[at + 1]!]
    if (a === b) continue
    sets[a]!.add(b)
    sets[b]!.add(a)
  }
  return sets.map((set) => [...set].sort((a, b) => a - b).map((j): Link => [j, 1]))
}

/** @param lists the neighbours of each area with their weights, ascending */
export function fromLists(lists: Link[][]): SpatialWeights {
  const starts = new Int32Array(lists.length + 1)
  lists.forEach((list, i) => (starts[i + 1] = starts[i]! + list.length))
  const links = lists.flat()
  return {
    starts,
    neighbours: Int32Array.from(links, ([j]) => j),
    values: Float64Array.from(links, ([, weight]) => weight),
    self: 1,
  }
}

/** The same links with weights that add up to 1 in each row; islands keep none. */
export function rowStandardised(weights: SpatialWeights): SpatialWeights {
  const { starts, values } = weights
  const standardised = new Float64Array(values.length)
  for (let i = 0; i + 1 < starts.length; i++) {
    let sum = 0
    for (let at = starts[i]!; at < starts[i + 1]!; at++) sum += values[at]!
    for (let at = starts[i]!; at < starts[i + 1]!; at++) standardised[at] = values[at]! / sum
  }
  return { ...weights, values: standardised }
}

/** The weighted sum of the neighbours' values, by area. */
export function lagOf({ starts, neighbours, values }: SpatialWeights, x: Float64Array): Float64Array {
  return Float64Array.from(x, (_, i) => {
    let sum = 0
    for (let at = starts[i]!; at < starts[i + 1]!; at++) sum += values[at]! * x[neighbours[at]!]!
    return sum
  })
}

/** Areas without a neighbour. */
export function islandsOf({ starts }: SpatialWeights): number {
  let islands = 0
  for (let i = 0; i + 1 < starts.length; i++) if (starts[i] === starts[i + 1]) islands++
  return islands
}

/** Cliff & Ord's constants: S0 = sum w, S1 = sum (w_ij + w_ji)² / 2, S2 = sum over areas of (row + column)². */
export function momentsOf({ starts, neighbours, values }: SpatialWeights): { s0: number; s1: number; s2: number } {
  const count = starts.length - 1
  const rowAndColumn = new Float64Array(count)
  const byLink = new Map<number, number>()
  let s0 = 0
  for (let i = 0; i < count; i++) {
    for (let at = starts[i]!; at < starts[i + 1]!; at++) {
      const [j, weight] = [neighbours[at]!, values[at]!]
      s0 += weight
      rowAndColumn[i]! += weight
      rowAndColumn[j]! += weight
      const link = Math.min(i, j) * count + Math.max(i, j)
      byLink.set(link, (byLink.get(link) ?? 0) + weight)
    }
  }
  let s1 = 0
  // Each pair stands twice in the sum over i and j.
  for (const both of byLink.values()) s1 += both * both
  return { s0, s1, s2: rowAndColumn.reduce((sum, value) => sum + value * value, 0) }
}
