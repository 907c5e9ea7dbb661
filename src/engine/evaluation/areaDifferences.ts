import type { AreaDifferences } from '#protocol/comparison.ts'
import type { StageContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { pause } from '#engine/pause.ts'
import { interval } from './bootstrap.ts'

export interface DifferencesInput {
  /** Error of each test document in km, averaged over the runs of each condition: errorsKm[condition][document]. */
  errorsKm: Float64Array[]
  pairs: [a: number, b: number][]
  /** Area and unit of each document. */
  areaOf: Int32Array
  areas: number
  clusterOf: Int32Array
  resamples: number
  seed: number
}

/**
 * The paired difference of the mean error of two conditions within each area, with its interval from resamples of the units that
 * have documents there. The intervals are of 95 % each, not of all areas together.
 * @returns for each pair its differences in the order of the areas; an area holds a document at least
 */
export async function areaDifferences(
  { errorsKm, pairs, areaOf, areas, clusterOf, resamples, seed }: DifferencesInput,
  context: Pick<StageContext, 'signal'>,
): Promise<AreaDifferences['pairs'][number]['differences'][]> {
  const documents = Array.from({ length: areas }, () => [] as number[])
  areaOf.forEach((area, document) => documents[area]!.push(document))
  const found: AreaDifferences['pairs'][number]['differences'][] = []
  for (const [a, b] of pairs) {
    const differences = []
    for (const [area, own] of documents.entries()) {
      const units = new Map<number, { sum: number; documents: number }>()
      for (const document of own) {
        const unit = units.get(clusterOf[document]!) ?? { sum: 0, documents: 0 }
        units.set(clusterOf[document]!, {
          sum: unit.sum + errorsKm[b]![document]! - errorsKm[a]![document]!,
          documents: unit.documents + 1,
        })
      }
      const meanOf = (condition: number) =>
        own.reduce((sum, document) => sum + errorsKm[condition]![document]!, 0) / own.length
      const meanErrorKm = { a: meanOf(a), b: meanOf(b) }
      differences.push({
        differenceKm: meanErrorKm.b - meanErrorKm.a,
        interval: interval(resampledMeans([...units.values()], resamples, seededRandom(seed, 31 + area))),
        meanErrorKm,
      })
      await pause(context)
    }
    found.push(differences)
  }
  return found
}

function resampledMeans(
  units: { sum: number; documents: number }[],
  resamples: number,
  random: ReturnType<typeof seededRandom>,
): Float64Array {
  return new Float64Array(resamples).map(() => {
    let [sum, documents] = [0, 0]
    for (let k = 0; k < units.length; k++) {
      const unit = units[random.below(units.length)]!
      sum += unit.sum
      documents += unit.documents
    }
    return sum / documents
  })
}
