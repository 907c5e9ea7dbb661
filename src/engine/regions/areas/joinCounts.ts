import { twoSided } from './normalTail.ts'
import { momentsOf, type SpatialWeights } from './spatialWeights.ts'

export interface JoinCount {
  /** Links between areas, each counted by half from either end. */
  count: number
  expected: number
  variance: number
  z: number
  /** Two-sided. */
  p: number
}

export interface JoinCounts {
  /** Links between two areas of one colour, by colour. */
  same: JoinCount[]
  /** Links between areas of different colours. */
  different: JoinCount
}

/**
 * Join counts of areas in colours (such as the variant that leads), with their moments where colours are dealt without
 * replacement (Cliff & Ord 1981): the weights' constants times the chances that two links which are one, share an area or
 * share none are of the kind counted.
 * @param colours 0, 1, 2 ... for each of at least four areas
 */
export function joinCounts(colours: Int32Array, weights: SpatialWeights): JoinCounts {
  const n = colours.length
  const sizes = new Array<number>(Math.max(...colours) + 1).fill(0)
  for (const colour of colours) sizes[colour]!++
  const same = sizes.map(() => 0)
  let different = 0
  const { starts, neighbours, values } = weights
  for (let i = 0; i < n; i++) {
    for (let at = starts[i]!; at < starts[i + 1]!; at++) {
      if (colours[neighbours[at]!] === colours[i]) same[colours[i]!]! += values[at]! / 2
      else different += values[at]! / 2
    }
  }
  /** n (n - 1) ... of so many factors. */
  const falling = (size: number, factors: number) => {
    let product = 1
    for (let k = 0; k < factors; k++) product *= size - k
    return product
  }
  const chance = (size: number, drawn: number) => falling(size, drawn) / falling(n, drawn)
  const { s0, s1, s2 } = momentsOf(weights)
  const counted = (count: number, one: number, sharing: number, apart: number): JoinCount => {
    const expected = (s0 * one) / 2
    const variance = (s1 * one + (s2 - 2 * s1) * sharing + (s0 * s0 + s1 - s2) * apart) / 4 - expected * expected
    const z = (count - expected) / Math.sqrt(variance)
    return { count, expected, variance, z, p: twoSided(z) }
  }
  const bothAlike = sizes.reduce(
    (sum, a, r) =>
      sum +
      sizes.reduce(
        (inner, b, s) => inner + (r === s ? falling(a, 4) : falling(a, 2) * falling(b, 2)) / falling(n, 4),
        0,
      ),
    0,
  )
  const alike = sizes.reduce((sum, size) => sum + chance(size, 2), 0)
  const differsFromTwo = sizes.reduce((sum, size) => sum + (size * falling(n - size, 2)) / falling(n, 3), 0)
  return {
    same: same.map((count, colour) =>
      counted(count, chance(sizes[colour]!, 2), chance(sizes[colour]!, 3), chance(sizes[colour]!, 4)),
    ),
    different: counted(different, 1 - alike, differsFromTwo, 1 - 2 * alike + bothAlike),
  }
}
