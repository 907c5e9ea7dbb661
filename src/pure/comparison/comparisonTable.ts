import type { Comparison, MetricName } from '#protocol/comparison.ts'
import { metricNames } from '#protocol/comparison.ts'
import { formatMetric, isBest, rowName, settingsLine } from './rows.ts'

const heads: Record<MetricName, string> = {
  accuracy: 'Acc %',
  accuracyAt161Km: 'Acc@161 %',
  meanErrorKm: 'mean km',
  medianErrorKm: 'median km',
}

/** The comparison for a terminal; `*` marks what is best by differences that hold. */
export function comparisonTable(comparison: Comparison): string {
  const rows = [
    ['', 'labels', 'seeds', ...metricNames.map((metric) => heads[metric])],
    ...comparison.results.map((row) => [
      rowName(row),
      row.labelCount === null ? '-' : String(row.labelCount),
      'seeds' in row && row.seeds.length > 0 ? String(row.seeds.length) : '-',
      ...metricNames.map((metric) => {
        return `${formatMetric(metric, row[metric], row.intervals[metric])}${isBest(row, metric) ? '*' : ' '}`
      }),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const text = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
  text.splice(1, 0, '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)))
  return [
    `${comparison.experiment}${comparison.synthetic ? ' (synthetic corpus)' : ''}`,
    ...text,
    '* better than every floor and, by differences that hold, than every other condition (paired bootstrap, Holm, p < 0.05)',
    settingsLine(comparison),
    ...comparison.warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n')
}
