import type { AreaDifferences } from '#protocol/comparison.ts'
import { alignedRows } from './alignedRows.ts'

const signed = (km: number) => `${km > 0 ? '+' : ''}${km.toFixed(1)}`

/** Differences of the mean error by area for a terminal, a part for each contrast; `*` where the interval leaves out zero. */
export function areaDifferencesTable({ experiment, areas, pairs, unit, resamples }: AreaDifferences): string {
  const parts = pairs.map(({ a, b, differences }) => {
    const rows = areas.map(({ name, documents }, k) => {
      const { meanErrorKm, differenceKm, interval } = differences[k]!
      const isSure = interval[0] > 0 || interval[1] < 0
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
