import type { Comparison, ToldMetric } from '#protocol/comparison.ts'
import { alignedRows } from './alignedRows.ts'
import { regionLines } from './regionLines.ts'
import { formatMetric, isBest, rowName, settingCells, settingsLine, toldMetrics, type Row } from './rows.ts'

export const metricHeads: Record<ToldMetric, string> = {
  accuracy: 'Acc %',
  accuracyAt161Km: 'Acc@161 %',
  accuracyAtCountry: 'Acc@country %',
  meanErrorKm: 'mean km',
  medianErrorKm: 'median km',
}

/** The columns of a row's figures, for the metrics that the table tells. */
export const figureHeads = (metrics: ToldMetric[]) => [
  'labels',
  'seeds',
  ...metrics.map((metric) => metricHeads[metric]),
]

/** A row's figures; `*` marks what is best. */
export const figures = (row: Row, metrics: ToldMetric[]): string[] => [
  row.labelCount === null ? '-' : String(row.labelCount),
  'seeds' in row && row.seeds.length > 0 ? String(row.seeds.length) : '-',
  ...metrics.map(
    (metric) => `${formatMetric(metric, row[metric] ?? null, row.intervals[metric])}${isBest(row, metric) ? '*' : ' '}`,
  ),
]

export const starNote =
  '* better than every floor and, by differences that hold, than every other condition (paired bootstrap, Holm, p < 0.05)'

/** The comparison for a terminal; `*` marks what is best by differences that hold. */
export function comparisonTable(comparison: Comparison): string {
  const { differing = [], results } = comparison
  const metrics = toldMetrics(results)
  const rows = [
    ['', ...differing, ...figureHeads(metrics)],
    ...results.map((row) => [rowName(row), ...settingCells(row, differing), ...figures(row, metrics)]),
  ]
  return [
    `${comparison.experiment}${comparison.synthetic ? ' (synthetic corpus)' : ''}`,
    ...alignedRows(rows, 1 + differing.length),
    starNote,
    settingsLine(comparison),
    ...regionLines(comparison),
    ...comparison.warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n')
}
