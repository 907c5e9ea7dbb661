import { metricNames, type Comparison } from '#protocol/comparison.ts'
import { formatMetric, isBest, rowName, settingCells, settingsLine, type Row } from './rows.ts'

/** Rows as the paper prints them, booktabs. */
export function comparisonLatex(comparison: Comparison): string {
  const { differing = [] } = comparison
  const words = (cells: string[]) => cells.map((cell) => `${escapeLatex(cell)} & `).join('')
  const line = (row: Comparison['results'][number]) =>
    `${words([rowName(row), ...settingCells(row, differing)])}${latexFigures(row).join(' & ')} \\\\`
  return [
    `% ${comparison.experiment}${comparison.synthetic ? ', synthetic corpus' : ''}`,
    `% ${settingsLine(comparison)}`,
    `\\begin{tabular}{l${'l'.repeat(differing.length)}rrrrr}`,
    '\\toprule',
    ` & ${words(differing)}${latexHeads.join(' & ')} \\\\`,
    '\\midrule',
    ...comparison.results.filter(isCondition).map(line),
    '\\midrule',
    ...comparison.results.filter((row) => !isCondition(row)).map(line),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n')
}

export const escapeLatex = (text: string) => text.replace(/[&%$#_{}~^\\]/g, (sign) => latexOf[sign] ?? `\\${sign}`)
const latexOf: Record<string, string> = {
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '\\': '\\textbackslash{}',
}

export const latexHeads = ['labels', 'Acc (\\%)', 'Acc@161 (\\%)', 'mean (km)', 'median (km)']

/** A row's figures, as `latexHeads` names them; bold is what is best. */
export const latexFigures = (row: Row): string[] => [
  String(row.labelCount ?? '-'),
  ...metricNames.map((metric) => {
    const text = formatMetric(metric, row[metric], row.intervals[metric]).replace(' ±', ' $\\pm$ ')
    return isBest(row, metric) ? `\\textbf{${text}}` : text
  }),
]

export const isCondition = (row: Row) => 'runs' in row
