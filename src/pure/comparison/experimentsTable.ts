import { metricNames, type Difference, type ExperimentRow, type ExperimentsComparison } from '#protocol/comparison.ts'
import { isShare, significance } from '../metricRules.ts'
import { alignedRows } from './alignedRows.ts'
import { comparisonCsvLines } from './comparisonCsv.ts'
import { escapeLatex, isCondition, latexFigures, latexHeads } from './comparisonLatex.ts'
import { figureHeads, figures, metricHeads, starNote } from './comparisonTable.ts'
import { rowName, settingCells, testLine, toldMetrics } from './rows.ts'

/** Several experiments in one table for a terminal: the settings in which they differ, and only those, are columns. */
export function experimentsTable(comparison: ExperimentsComparison): string {
  const { experiments, differing, synthetic, results, test, warnings } = comparison
  const metrics = toldMetrics(results)
  const rows = [
    ['experiment', ...differing, '', ...figureHeads(metrics)],
    ...results.map((row) => [row.experiment, ...settingCells(row, differing), rowName(row), ...figures(row, metrics)]),
  ]
  return [
    `${experiments.join(', ')}${synthetic ? ' (synthetic corpus)' : ''}`,
    ...alignedRows(rows, 2 + differing.length),
    starNote,
    ...contrastLines(comparison.differences),
    testLine(test),
    ...(differing.length === 0 ? ['The experiments differ in no setting but their matrix and evaluation.'] : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n')
}

/** The same rows as a CSV table with every digit. */
export const experimentsCsv = ({ differing, results }: ExperimentsComparison): string =>
  comparisonCsvLines(
    ['experiment', ...differing],
    results.map((row) => ({ row, before: [row.experiment, ...settingCells(row, differing)] })),
  )

/** The same rows as the paper prints them, booktabs. */
export function experimentsLatex(comparison: ExperimentsComparison): string {
  const { experiments, differing, synthetic, results, test } = comparison
  const metrics = toldMetrics(results)
  const words = (cells: string[]) => cells.map(escapeLatex).join(' & ')
  const line = (row: ExperimentRow) =>
    `${words([row.experiment, ...settingCells(row, differing), rowName(row)])} & ${latexFigures(row, metrics).join(' & ')} \\\\`
  return [
    `% ${experiments.join(', ')}${synthetic ? ', synthetic corpus' : ''}`,
    `% ${testLine(test)}`,
    `\\begin{tabular}{${'l'.repeat(2 + differing.length)}${'r'.repeat(1 + metrics.length)}}`,
    '\\toprule',
    `${words(['experiment', ...differing, ''])} & ${latexHeads(metrics).join(' & ')} \\\\`,
    '\\midrule',
    ...results.filter(isCondition).map(line),
    '\\midrule',
    ...results.filter((row) => !isCondition(row)).map(line),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n')
}

/** The contrasts with what they are worth: the second one less the first. */
function contrastLines(differences: Difference[]): string[] {
  const chosen = differences.filter(({ contrast }) => contrast)
  const pairs = [...new Set(chosen.map(({ a, b }) => JSON.stringify([a, b])))]
  if (pairs.length === 0) return []
  const cells = pairs.map((pair) => {
    const [a, b] = JSON.parse(pair) as [string, string]
    const of = chosen.filter((difference) => difference.a === a && difference.b === b)
    return [
      `${a} -> ${b}`,
      ...metricNames.map((metric) => {
        const found = of.find((difference) => difference.metric === metric)
        if (!found) return '-'
        const value = found.difference * (isShare(metric) ? 100 : 1)
        const p = found.pHolm < 0.001 ? '<.001' : found.pHolm.toFixed(3).replace(/^0/, '')
        return `${value > 0 ? '+' : ''}${value.toFixed(1)} (${p})${found.pHolm < significance ? '*' : ' '}`
      }),
    ]
  })
  return [
    '',
    ...alignedRows([['difference (p, Holm)', ...metricNames.map((metric) => metricHeads[metric])], ...cells], 1),
    '* holds at p < 0.05, corrected over these differences',
  ]
}
