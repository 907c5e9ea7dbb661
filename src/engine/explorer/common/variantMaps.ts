import type { CellMap } from '#engine/regions/factors/localScores.ts'
import type { CountedVariants } from '../counting/countVariants.ts'

/**
 * Of a variable with two variants one map, of the first one; of more each variant's: how many of those who use any of them use it,
 * and how many were to be expected if all places were alike.
 * @param cellOf of each site of the corpus
 */
export function variantMaps(counted: CountedVariants, cellOf: Int32Array, cells: number): CellMap[] {
  const { informants, users, variants, siteNumbers } = counted
  const inCell = (values: Float64Array) => {
    const sums = new Float64Array(cells)
    values.forEach((value, i) => (sums[cellOf[siteNumbers[i]!]!]! += value))
    return sums
  }
  const everybody = inCell(informants)
  const all = informants.reduce((sum, count) => sum + count, 0)
  return (users.length === 2 ? users.slice(0, 1) : users).map((counts, v) => {
    const share = counts.reduce((sum, count) => sum + count, 0) / all
    return {
      name: variants.length === 2 ? variants.map(({ name }) => name).join(' | ') : variants[v]!.name,
      users: inCell(counts),
      expected: everybody.map((count) => share * count),
      variance: everybody.map((count) => share * (1 - share) * count),
    }
  })
}
