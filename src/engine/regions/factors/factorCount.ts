import { earthRadiusKm } from '#pure/greatCircle.ts'
import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import { multiplyRows } from '../algebra/products.ts'
import { chordSquared } from '../chords.ts'
import type { CellMap } from './localScores.ts'
import { principalComponents, standardMaps } from './principalComponents.ts'

export interface FactorCount {
  /** How many factors the maps have in common beyond chance. */
  count: number
  /** Of the maps' local scores by number of the factor: the variance of the component, greatest first. */
  variances: Float64Array
  /** What of that coordinates dealt anew reach once in twenty: the second greatest of 39. */
  dealt: Float64Array
}

const deals = 39

/**
 * How many factors there are: as many as have variances that coordinates dealt anew hardly reach (parallel analysis, Horn 1965).
 * What a cell's informants say, all words together, is dealt to another cell, so that words keep what they have in common for
 * other reasons than place. Scores are compared as they are, not brought to one variance: that would take from the later factors
 * what a strong first one has.
 */
export async function factorCount(
  maps: CellMap[],
  vectors: Float64Array,
  { bandwidthKm, seed, most }: { bandwidthKm: number; seed: number; most: number },
  context: StageContext,
): Promise<FactorCount> {
  const random = seededRandom(seed, 71)
  const cells = vectors.length / 3
  const kernel = kernelOf(vectors, bandwidthKm)
  const order = Int32Array.from({ length: cells }, (_, cell) => cell)
  const variancesOf = () =>
    principalComponents(standardMaps(scoresOf(maps, kernel, order), maps.length, false), 0).eigenvalues.slice(0, most)
  const variances = variancesOf()
  const tops: Float64Array[] = []
  for (let deal = 0; deal < deals; deal++) {
    context.report({ done: deal, total: deals, unit: 'steps', title: 'Deal the coordinates anew' })
    await pause(context)
    random.shuffle(order)
    tops.push(variancesOf())
  }
  const dealt = variances.map((_, k) => tops.map((top) => top[k]!).sort((a, b) => b - a)[1]!)
  const first = dealt.findIndex((chance, k) => !(variances[k]! > chance))
  return { count: first < 0 ? dealt.length : first, variances, dealt }
}

/** exp(-chord² / 2h²) of every two cells, and its square. */
export function kernelOf(vectors: Float64Array, bandwidthKm: number): { once: Float32Array; squared: Float32Array } {
  const cells = vectors.length / 3
  const once = Float32Array.from(
    { length: cells * cells },
    (_, at) =>
    Math.exp((-(earthRadiusKm ** 2) * chordSquared(vectors, Math.floor(at / cells), vectors, at % cells)) / (2 * bandwidthKm ** 2)), // prettier-ignore
  )
  return { once, squared: once.map((value) => value ** 2) }
}

/** `localScores` at the cells themselves, as products: cell c has what cell `order[c]` had. @returns maps x cells */
export function scoresOf(
  maps: CellMap[],
  { once, squared }: { once: Float32Array; squared: Float32Array },
  order: Int32Array,
): Float64Array {
  const cells = order.length
  const of = (value: (map: CellMap, cell: number) => number) =>
    Float32Array.from({ length: maps.length * cells }, (_, at) =>
      value(maps[Math.floor(at / cells)]!, order[at % cells]!),
    )
  const [above, below] = [new Float32Array(maps.length * cells), new Float32Array(maps.length * cells)]
  multiplyRows(
    of(({ users, expected }, cell) => users[cell]! - expected[cell]!),
    once,
    cells,
    above,
  )
  multiplyRows(
    of(({ variance }, cell) => variance[cell]!),
    squared,
    cells,
    below,
  )
  return Float64Array.from(above, (value, at) => (below[at]! > 0 ? value / Math.sqrt(below[at]!) : 0))
}
