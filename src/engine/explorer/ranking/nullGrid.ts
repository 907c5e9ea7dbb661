import type { StageContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { nullDistribution, mostDrawnUsers, type NullDistribution, type Population } from './nullDistribution.ts'

/** A word as the null knows it. */
export interface WordSize {
  n: number
  meanLogLength: number
}

/** Null distributions at numbers of users that span those of the words. */
export interface NullGrid {
  /**
   * @param expected E0 T of the word by bandwidth
   * @param statistics T by bandwidth
   */
  pOf(word: WordSize, expected: Float64Array, statistics: Float64Array): number
}

/** The least number of users that is tested is 5. */
const drawnSizes = [5, 7, 10, 14, 20, 28, 40, 57, 80, 113, 160, mostDrawnUsers]
/** Beyond, from size to size. */
const growth = 2

/**
 * In one corpus the null depends on a word's number of users and their mean log length alone (they are sufficient for what
 * lengths let expect). T over what is expected of it, which is known for each word, hardly depends on either: its distribution
 * is made at some numbers of users, with the lengths that words of about so many have, and p is interpolated in logarithms.
 */
export async function nullGrid(
  population: Population,
  words: WordSize[],
  seed: number,
  context: StageContext,
): Promise<NullGrid> {
  const greatest = words.reduce((most, { n }) => Math.max(most, n), 0)
  const least = words.reduce((fewest, { n }) => Math.min(fewest, n), Infinity)
  const rows: NullDistribution[] = []
  const random = seededRandom(seed, 41)
  const sizes = sizesBetween(least, greatest)
  for (const [done, n] of sizes.entries()) {
    context.report({ done, total: sizes.length, unit: 'steps', title: 'What chance does' })
    const near = words.filter((word) => word.n >= n / 1.6 && word.n <= n * 1.6)
    const lengths = (near.length > 0 ? near : words).map(({ meanLogLength }) => meanLogLength).sort((a, b) => a - b)
    const meanLogLength = lengths[lengths.length >> 1]!
    rows.push(await nullDistribution(population, { n, meanLogLength, words: words.length }, random, context))
  }
  return {
    pOf({ n }, expected, statistics) {
      const above = rows.findIndex((row) => row.n >= n)
      const high = rows[above < 0 ? rows.length - 1 : above]!
      const low = above > 0 ? rows[above - 1]! : high
      const at = (row: NullDistribution) =>
        Math.log(row.p(statistics.map((value, h) => (value / expected[h]!) * row.expected[h]!)))
      if (low === high) return Math.exp(at(high))
      const share = Math.log(n / low.n) / Math.log(high.n / low.n)
      return Math.exp((1 - share) * at(low) + share * at(high))
    },
  }
}

/** Sizes from the fewest to the most users, so that every word has one on either side. */
function sizesBetween(least: number, greatest: number): number[] {
  const sizes = [...drawnSizes]
  while (sizes.at(-1)! < greatest) sizes.push(sizes.at(-1)! * growth)
  const first = Math.max(
    0,
    sizes.findLastIndex((n) => n <= least),
  )
  const last = sizes.findIndex((n) => n >= greatest)
  // The greatest number is its own size: beyond it there is nobody.
  return sizes
    .slice(first, (last < 0 ? sizes.length - 1 : last) + 1)
    .map((n) => Math.min(n, Math.max(greatest, drawnSizes[0]!)))
}
