import type { Comparison, ToldMetric } from '#protocol/comparison.ts'
import { formatMetric, isBest, rowName, settingCells, settingsLine, toldMetrics, type Row } from './rows.ts'

/** Rows as the paper prints them, booktabs. */
export function comparisonLatex(comparison: Comparison): string {
  const { differing = [] } = comparison
  const metrics = toldMetrics(comparison.results)
  const words = (cells: string[]) => cells.map((cell) => `${escapeLatex(cell)} & `).join('')
  const line = (row: Comparison['results'][number]) =>
    `${words([rowName(row), ...settingCells(row, differing)])}${latexFigures(row, metrics).join(' & ')} \\\\`
  return [
    `% ${comparison.experiment}${comparison.synthetic ? ', synthetic corpus' : ''}`,
    `% ${settingsLine(comparison)}`,
    `\\begin{tabular}{l${'l'.repeat(differing.length)}${'r'.repeat(1 + metrics.length)}}`,
    '\\toprule',
    ` & ${words(differing)}${latexHeads(metrics).join(' & ')} \\\\`,
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

export const latexHeads = (metrics: ToldMetric[]) => ['labels', ...metrics.map((metric) => heads[metric])]
const heads: Record<ToldMetric, string> = {
  accuracy: 'Acc (\\%)',
  accuracyAt161Km: 'Acc@161 (\\%)',
  accuracyAtCountry: 'Acc@country (\\%)',
  meanErrorKm: 'mean (km)',
  medianErrorKm: 'median (km)',
}

/** A row's figures, as `latexHeads` names them; bold is what is best. */
export const latexFigures = (row: Row, metrics: ToldMetric[]): string[] => [
  String(row.labelCount ?? '-'),
  ...metrics.map((metric) => {
    const text = formatMetric(metric, row[metric] ?? null, row.intervals[metric]).replace(' ±', ' $\\pm$ ')
    return isBest(row, metric) ? `\\textbf{${text}}` : text
  }),
]

export const isCondition = (row: Row) => 'runs' in row
