import type { AreaDifferences } from '#protocol/comparison.ts'
import { alignedRows } from './alignedRows.ts'
import { sureWinner } from './whereBetter.ts'

const signed = (km: number) => `${km > 0 ? '+' : ''}${km.toFixed(1)}`

/** Differences of the mean error by area for a terminal, a part for each contrast; `*` where the interval leaves out zero. */
export function areaDifferencesTable({ experiment, areas, pairs, unit, resamples }: AreaDifferences): string {
  const parts = pairs.map((pair) => {
    const { a, b, differences } = pair
    const rows = areas.map(({ name, documents }, k) => {
      const { meanErrorKm, differenceKm, interval } = differences[k]!
      const isSure = sureWinner(pair, differences[k]!) !== null
      return [
        name,
        String(documents),
        meanErrorKm.a.toFixed(1),
        meanErrorKm.b.toFixed(1),
        `${signed(differenceKm)}${isSure ? '*' : ' '}`,
        `${signed(interval[0])} to ${signed(interval[1])}`,
      ]
    })
    return [`${b} less ${a}`, ...alignedRows([['near', 'documents', a, b, 'km', '95 %'], ...rows], 1)].join('\n')
  })
  return [
    `${experiment}: mean error by area`,
    ...parts,
    `* the interval of the area (${resamples} resamples by ${unit}) leaves out zero; of twenty areas one does so by chance.`,
  ].join('\n\n')
}
