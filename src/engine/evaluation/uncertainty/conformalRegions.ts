import { labelScores, regionOf, thresholdOf, type RegionRule } from './labelScores.ts'
import { probabilitiesAt, type Said } from './temperature.ts'

/** Documents whose places are known and which nothing was fitted to, or those that are to be told of. */
export interface SaidWithChance extends Said {
  /** Of each document, uniform in [0, 1): see `uniformOfText`. */
  uniform: Float64Array
}

/** What regions of a run are made from. */
export interface Calibration {
  /** What logarithms of probabilities are divided by, fitted to other documents. */
  temperature: number
  /** Of each label's territory, above 0. */
  areasKm2: Float64Array
  documents: SaidWithChance
}

/** Of each label, by level, the greatest score that is in the region. */
export type Thresholds = Map<number, Float64Array>

/**
 * Thresholds by split conformal prediction. A place without a label is in no region, so that its score is infinite.
 * @param perLabel a label's threshold is that of the calibration documents of that label (Vovk 2012)
 */
export function fitThresholds(
  rule: RegionRule,
  { temperature, areasKm2, documents }: Calibration,
  levels: number[],
  perLabel: boolean,
): Thresholds {
  const scores = Array.from(documents.labels, (label, i) =>
    label < 0 ? Infinity : scoresOf(rule, documents, i, { temperature, areasKm2 }).scores[label]!,
  )
  const groups = Array.from({ length: areasKm2.length }, () => [] as number[])
  if (perLabel) documents.labels.forEach((label, i) => groups[label]?.push(scores[i]!))
  return new Map(
    levels.map((level) => {
      const common = thresholdOf(scores, level)
      return [level, Float64Array.from(groups, (own) => (perLabel ? thresholdOf(own, level) : common))]
    }),
  )
}

/** The scores of a document's labels by a rule. */
export const scoresOf = (
  rule: RegionRule,
  said: SaidWithChance,
  document: number,
  { temperature, areasKm2 }: Pick<Calibration, 'temperature' | 'areasKm2'>,
) => labelScores(rule, probabilitiesAt(said, document, temperature), areasKm2, said.uniform[document]!)

export interface RegionsOfDocuments {
  /** 1 where the region holds the label of the place. */
  held: Uint8Array
  areaKm2: Float64Array
}

/** Whether the regions of documents hold their places, and how large they are, by level. */
export function regionsOfDocuments(
  rule: RegionRule,
  said: SaidWithChance,
  calibration: Pick<Calibration, 'temperature' | 'areasKm2'>,
  thresholds: Thresholds,
): Map<number, RegionsOfDocuments> {
  const count = said.labels.length
  const found = new Map(
    [...thresholds.keys()].map((level) => [
      level,
      { held: new Uint8Array(count), areaKm2: new Float64Array(count) } as RegionsOfDocuments,
    ]),
  )
  for (let i = 0; i < count; i++) {
    const scores = scoresOf(rule, said, i, calibration)
    for (const [level, { held, areaKm2 }] of found) {
      for (const label of regionOf(scores, thresholds.get(level)!)) {
        areaKm2[i]! += calibration.areasKm2[label]!
        if (label === said.labels[i]) held[i] = 1
      }
    }
  }
  return found
}
