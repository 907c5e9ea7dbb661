import { metricNames, type Comparison } from '#protocol/comparison.ts'
import { formatMetric, isBest, rowName, settingsLine, type Row } from './rows.ts'

/** Rows as the paper prints them, booktabs. */
export function comparisonLatex(comparison: Comparison): string {
  const escape = (text: string) => text.replace(/[&%$#_{}]/g, '\\$&')
  const line = (row: Row) => {
    const cells = metricNames.map((metric) => {
      const text = formatMetric(metric, row[metric], row.intervals[metric]).replace(' ±', ' $\\pm$ ')
      return isBest(row, metric) ? `\\textbf{${text}}` : text
    })
    return `${escape(rowName(row))} & ${row.labelCount ?? '-'} & ${cells.join(' & ')} \\\\`
  }
  const isCondition = (row: Row) => 'runs' in row
  return [
    `% ${comparison.experiment}${comparison.synthetic ? ', synthetic corpus' : ''}`,
    `% ${settingsLine(comparison)}`,
    '\\begin{tabular}{lrrrrr}',
    '\\toprule',
    ' & labels & Acc (\\%) & Acc@161 (\\%) & mean (km) & median (km) \\\\',
    '\\midrule',
    ...comparison.results.filter(isCondition).map(line),
    '\\midrule',
    ...comparison.results.filter((row) => !isCondition(row)).map(line),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n')
}
