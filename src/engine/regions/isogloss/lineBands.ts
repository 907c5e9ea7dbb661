import type { EqualAreaGrid } from '../equalAreaGrid.ts'

/** What draws of a field say of the line where it is 0, at some nodes of a grid. */
export interface LineBands {
  /** Mean of the draws by node; its line is the one that is drawn. */
  mean: Float64Array
  /** Share of draws above 0. */
  above: Float64Array
  /** How far the line is from here: minus the logarithm of the share of draws on the rarer side. */
  distance: Float64Array
  /** The simultaneous band is where `distance` is at most this; null where no draw has a line. */
  critical: number | null
}

/**
 * Pointwise and simultaneous bands of a zero line from draws of the field. The simultaneous one is the least that holds the whole line of a
 * share `level` of the draws, among the areas that order places by how rare their rarer side is (French 2014, "Confidence regions
 * for the level curves of spatial data"; in this order Bolin and Lindgren 2015): |mean| / sd, which is the same where draws are normal,
 * takes places for near the line at which a variant is surely absent and nothing says how nearly.
 * @param draws draws x nodes, row by row
 * @param nodes of the grid that the draws are of, ascending
 */
export function lineBands(draws: Float32Array, nodes: Int32Array, grid: EqualAreaGrid, level: number): LineBands {
  const count = nodes.length
  const total = draws.length / count
  const [mean, above] = [new Float64Array(count), new Float64Array(count)]
  for (let draw = 0; draw < total; draw++) {
    for (let i = 0, at = draw * count; i < count; i++) {
      const value = draws[at + i]!
      mean[i]! += value
      if (value > 0) above[i]!++
    }
  }
  const distance = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    distance[i] = -Math.log((Math.min(above[i]!, total - above[i]!) + 0.5) / (total + 1))
    mean[i]! /= total
    above[i]! /= total
  }
  return { mean, above, distance, critical: criticalDistance(draws, neighbours(nodes, grid), distance, level) }
}

/** Pairs of nodes, by their position among `nodes`, that lie side by side: to the east and to the north. */
function neighbours(nodes: Int32Array, { columns }: EqualAreaGrid): Int32Array {
  const position = new Map<number, number>()
  nodes.forEach((node, i) => position.set(node, i))
  const pairs: number[] = []
  nodes.forEach((node, i) => {
    const east = (node + 1) % columns === 0 ? undefined : position.get(node + 1)
    const north = position.get(node + columns)
    if (east !== undefined) pairs.push(i, east)
    if (north !== undefined) pairs.push(i, north)
  })
  return Int32Array.from(pairs)
}

function criticalDistance(
  draws: Float32Array,
  pairs: Int32Array,
  distance: Float64Array,
  level: number,
): number | null {
  const count = distance.length
  const greatest: number[] = []
  for (let at = 0; at < draws.length; at += count) {
    let most = -1
    for (let p = 0; p < pairs.length; p += 2) {
      const [i, j] = [pairs[p]!, pairs[p + 1]!]
      const [a, b] = [draws[at + i]!, draws[at + j]!]
      if (a > 0 === b > 0) continue
      const part = a / (a - b)
      most = Math.max(most, distance[i]! + part * (distance[j]! - distance[i]!))
    }
    if (most >= 0) greatest.push(most)
  }
  if (greatest.length === 0) return null
  greatest.sort((a, b) => a - b)
  return greatest[Math.min(greatest.length - 1, Math.ceil(level * greatest.length) - 1)]!
}
