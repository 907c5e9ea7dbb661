import type { Coverage } from '#protocol/comparison.ts'
import { interval } from '#engine/evaluation/bootstrap.ts'
import { seededRandom } from '#engine/random.ts'

const resamples = 2000

/**
 * The share of documents that are held, with its interval over places drawn with replacement: documents of one place are alike.
 * @param held of each document, 0 to 1: the share of runs whose region holds it
 * @param placeOf the number of each document's place, from 0
 * @param chosen the documents that count, at least one
 */
export function coverageOf(held: Float64Array, placeOf: Int32Array, chosen: Int32Array): Coverage {
  const sums = new Map<number, [held: number, documents: number]>()
  for (const i of chosen) {
    const [sum, documents] = sums.get(placeOf[i]!) ?? [0, 0]
    sums.set(placeOf[i]!, [sum + held[i]!, documents + 1])
  }
  const places = [...sums.values()]
  const random = seededRandom(1, 23)
  const shares = new Float64Array(resamples).map(() => {
    let [sum, documents] = [0, 0]
    for (let k = 0; k < places.length; k++) {
      const [own, count] = places[random.below(places.length)]!
      sum += own
      documents += count
    }
    return sum / documents
  })
  const total = places.reduce((sum, [own]) => sum + own, 0)
  return { documents: chosen.length, coverage: total / chosen.length, interval: interval(shares) }
}
