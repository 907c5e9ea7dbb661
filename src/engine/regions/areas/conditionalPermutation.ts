import type { StageContext } from '#engine/context.ts'
import { pause } from '#engine/pause.ts'
import { seededRandom } from '#engine/random.ts'
import { rowSums } from './localStatistics.ts'
import type { SpatialWeights } from './spatialWeights.ts'

/** So many permutations as extreme as the data settle a p: a tenth of it is its standard error. */
const enough = 100

/**
 * The p of each area's neighbourhood: its own value held, its neighbours' drawn from the other areas without replacement.
 * Under it local Moran, Gi and Gi* rise with the neighbours' weighted sum, so that one p holds for the three. Two-sided: as
 * far from the expected sum as the data, on either side. A p that is surely large needs few draws (Besag & Clifford 1991);
 * the least are told by up to 100 permutations for each area, since with 999 no q over hundreds of areas can be small.
 * @returns NaN for islands
 */
export async function conditionalPermutation(
  x: Float64Array,
  weights: SpatialWeights,
  { seed }: { seed: number },
  context: StageContext,
): Promise<Float64Array> {
  const n = x.length
  const most = Math.max(9999, 100 * n)
  const total = x.reduce((sum, value) => sum + value, 0)
  const others = new Float64Array(n - 1)
  const p = new Float64Array(n).fill(NaN)
  const { starts, neighbours, values } = weights
  for (let i = 0; i < n; i++) {
    const [from, to] = [starts[i]!, starts[i + 1]!]
    if (from === to) continue
    const random = seededRandom(seed, i)
    for (let j = 0, at = 0; j < n; j++) if (j !== i) others[at++] = x[j]!
    let observed = -rowSums(weights, i).sum * ((total - x[i]!) / (n - 1))
    const expected = -observed
    for (let at = from; at < to; at++) observed += values[at]! * x[neighbours[at]!]!
    // Sums in another order differ in their last digits; what is equal counts as as far.
    const bound = Math.abs(observed) - 1e-12 * (Math.abs(expected) + Math.abs(observed))
    let [asFar, drawn] = [0, 0]
    while (drawn < most && asFar < enough) {
      const sum = drawnSum(others, values, from, to, random) - expected
      drawn++
      if (Math.abs(sum) >= bound) asFar++
      if (drawn % 20_000 === 0) await pause(context)
    }
    // Where the draws ended at the hundredth hit, that is its p; else the data count among the permutations.
    p[i] = asFar === enough ? asFar / drawn : (1 + asFar) / (1 + drawn)
    context.report({ done: i + 1, total: n, unit: 'areas' })
    if (i % 16 === 15) await pause(context)
  }
  return p
}

/** The weighted sum of values dealt from the front of a deck that is shuffled as far as it is needed. */
function drawnSum(
  deck: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  random: ReturnType<typeof seededRandom>,
): number {
  let sum = 0
  for (let at = from; at < to; at++) {
    const place = at - from
    const other = place + random.below(deck.length - place)
    const held = deck[other]!
    deck[other] = deck[place]!
    deck[place] = held
    sum += values[at]! * held
  }
  return sum
}
