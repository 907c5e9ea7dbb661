import type { StageContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { nullDistribution, mostDrawnUsers, type NullDistribution, type Population } from './nullDistribution.ts'

/** A word as the null knows it. */
export interface WordSize {
  n: number
  meanLogLength: number
}

/** Null distributions at numbers of users and mean lengths that span those of the words. */
export interface NullGrid {
  /** @param statistics T by bandwidth */
  pOf(word: WordSize, statistics: Float64Array): number
  /** E0 T by bandwidth. */
  expectedOf(word: WordSize): Float64Array
}

/** The least number of users that is tested is 5. */
const drawnSizes = [5, 7, 10, 14, 20, 28, 40, 57, 80, mostDrawnUsers]
/** Beyond, from size to size. */
const growth = 2
/** Mean lengths of the words at a size that have a distribution of their own. */
const quantiles = [0.05, 0.5, 0.95]

/**
 * In one corpus the null depends on a word's number of users and their mean log length alone (they are sufficient for what
 * lengths let expect): it is made on a grid of both, and p is interpolated in logarithms, statistics per user.
 */
export async function nullGrid(
  population: Population,
  words: WordSize[],
  seed: number,
  context: StageContext,
): Promise<NullGrid> {
  const greatest = words.reduce((most, { n }) => Math.max(most, n), 0)
  const least = words.reduce((fewest, { n }) => Math.min(fewest, n), Infinity)
  const rows: { n: number; nodes: NullDistribution[] }[] = []
  const random = seededRandom(seed, 41)
  const sizes = sizesBetween(least, greatest)
  for (const [done, n] of sizes.entries()) {
    context.report({ done, total: sizes.length, unit: 'steps', title: 'What chance does' })
    const near = words
      .filter((word) => word.n >= n / 1.6 && word.n <= n * 1.6)
      .map(({ meanLogLength }) => meanLogLength)
      .sort((a, b) => a - b)
    const lengths = near.length > 0 ? near : words.map(({ meanLogLength }) => meanLogLength).sort((a, b) => a - b)
    const wanted =
      population.bins.counts.length === 1
        ? [lengths[0]!]
        : [...new Set(quantiles.map((share) => lengths[Math.floor(share * (lengths.length - 1))]!))]
    const nodes: NullDistribution[] = []
    for (const meanLogLength of wanted)
      nodes.push(await nullDistribution(population, { n, meanLogLength }, random, context))
    rows.push({ n, nodes })
  }
  /** The two neighbours of a value among ascending ones, and how far it is from the first to the second. */
  const between = (values: number[], value: number): [number, number, number] => {
    const above = values.findIndex((at) => at >= value)
    if (above <= 0) return above === 0 ? [0, 0, 0] : [values.length - 1, values.length - 1, 0]
    return [above - 1, above, (value - values[above - 1]!) / (values[above]! - values[above - 1]!)]
  }
  const interpolated = ({ n, meanLogLength }: WordSize, at: (node: NullDistribution) => number) => {
    const [low, high, part] = between(
      rows.map((row) => Math.log(row.n)),
      Math.log(n),
    )
    const inRow = (nodes: NullDistribution[]) => {
      const [shorter, longer, share] = between(
        nodes.map((node) => node.meanLogLength),
        meanLogLength,
      )
      return at(nodes[shorter]!) * (1 - share) + (share > 0 ? share * at(nodes[longer]!) : 0)
    }
    return inRow(rows[low]!.nodes) * (1 - part) + (part > 0 ? part * inRow(rows[high]!.nodes) : 0)
  }
  return {
    pOf: (word, statistics) =>
      Math.exp(interpolated(word, (node) => Math.log(node.p(statistics.map((value) => (value / word.n) * node.n))))),
    expectedOf: (word) =>
      rows[0]!.nodes[0]!.expected.map((_, h) => word.n * interpolated(word, (node) => node.expected[h]! / node.n)),
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
