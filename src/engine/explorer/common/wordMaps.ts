import type { CellMap } from '#engine/regions/factors/localScores.ts'
import { lengthBins, useByLength } from '../ranking/lengthModel.ts'
import { usersOf } from '../ranking/testUnits.ts'
import type { UnitUsers } from '../ranking/unitUsers.ts'

/**
 * Of each of some words how many informants of a cell use it, and how many were to be expected from how much they write:
 * logit P(i uses w) = a + b log L.
 * @param cellOf of each informant
 * @param units numbers of the words
 * @param isSurvey whether lengths are no property of informants, since everybody answers the same questions
 */
export function wordMaps(
  used: UnitUsers,
  units: number[],
  cellOf: Int32Array,
  cells: number,
  isSurvey: boolean,
): CellMap[] {
  const bins = lengthBins(isSurvey ? used.lengths.map((length) => Math.min(1, length)) : used.lengths)
  /** Informants by group of length and cell. */
  const counts = new Float64Array(bins.counts.length * cells)
  bins.binOf.forEach((bin, informant) => {
    if (bin >= 0) counts[bin * cells + cellOf[informant]!]!++
  })
  return units.map((unit) => {
    const users = new Float64Array(cells)
    let logLengths = 0
    const informants = usersOf(used, unit)
    for (const informant of informants) {
      users[cellOf[informant]!]!++
      logLengths += bins.logLength[bins.binOf[informant]!]!
    }
    const [expected, variance] = [new Float64Array(cells), new Float64Array(cells)]
    useByLength(bins, informants.length, logLengths).forEach((p, bin) => {
      for (let cell = 0; cell < cells; cell++) {
        expected[cell]! += p * counts[bin * cells + cell]!
        variance[cell]! += p * (1 - p) * counts[bin * cells + cell]!
      }
    })
    return { name: used.names[unit]!, users, expected, variance }
  })
}
