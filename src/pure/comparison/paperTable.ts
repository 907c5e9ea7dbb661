import { metricNames, type Comparison, type MetricName } from '#protocol/comparison.ts'
import type { PublishedCorpus } from '#protocol/experiment.ts'
import { conditionKey } from '../conditionKey.ts'
import { alignedRows } from './alignedRows.ts'
import { csvText } from '../csvText.ts'
import { escapeLatex } from './comparisonLatex.ts'
import { metricHeads } from './comparisonTable.ts'
import { publishedResults, type PublishedFigures } from './publishedResults.ts'
import { formatMetric, rowName, testLine, type Row } from './rows.ts'

/** An experiment's comparison, and the published corpus that it is on. */
export interface PaperColumn {
  corpus: PublishedCorpus
  comparison: Comparison
}

export const corpusTitles: Record<PublishedCorpus, string> = {
  geotext: 'GeoText',
  'twitter-us': 'TWITTER-US',
  'twitter-world': 'TWITTER-WORLD',
}

interface PaperRow {
  name: string
  source: string
  /** One a column; null where the system has nothing on it. */
  cells: (PublishedFigures | Row | null)[]
}

/** Published systems, then what stands in the comparisons: floors first. */
function rowsOf(columns: PaperColumn[]): { published: PaperRow[]; ours: PaperRow[] } {
  const published = publishedResults
    .map(({ name, source, figures }) => ({
      name,
      source,
      cells: columns.map(({ corpus }) => figures[corpus] ?? null),
    }))
    .filter(({ cells }) => cells.some((cell) => cell !== null))
  const keys = new Map<string, string>()
  for (const isFloor of [true, false])
    for (const { comparison } of columns)
      for (const row of comparison.results) if ('runs' in row !== isFloor) keys.set(conditionKey(row), rowName(row))
  const ours = [...keys].map(([key, name]) => ({
    name,
    source: 'here',
    cells: columns.map(({ comparison }) => comparison.results.find((row) => conditionKey(row) === key) ?? null),
  }))
  return { published, ours }
}

/** Published figures as they are printed, ours with half of their interval. */
function cellText(cell: PublishedFigures | Row | null, metric: MetricName): string {
  if (cell === null || cell[metric] === null) return '-'
  if ('intervals' in cell) return formatMetric(metric, cell[metric], cell.intervals[metric])
  const value = cell[metric]
  return metric === 'accuracy' || metric === 'accuracyAt161Km'
    ? String(Number((100 * value).toFixed(2)))
    : String(Number(value.toFixed(2)))
}

const countText = (cell: PublishedFigures | Row | null) => String(cell?.labelCount ?? '-')

const cellsOf = ({ cells }: PaperRow): string[] =>
  cells.flatMap((cell) => [countText(cell), ...metricNames.map((metric) => cellText(cell, metric))])

const notes = (columns: PaperColumn[]): string[] =>
  columns.flatMap(({ corpus, comparison }) => [
    `${corpusTitles[corpus]}: experiment ${comparison.experiment}${comparison.synthetic ? ' (synthetic corpus)' : ''}. ${testLine(comparison.test)}`,
  ])

/** Published results beside ours for a terminal, a group of columns for each corpus. */
export function paperTable(columns: PaperColumn[]): string {
  const { published, ours } = rowsOf(columns)
  const heads = columns.flatMap(({ corpus }) => [
    `${corpusTitles[corpus]}: labels`,
    ...metricNames.map((metric) => metricHeads[metric]),
  ])
  const lines = alignedRows([['', ...heads], ...[...published, ...ours].map((row) => [row.name, ...cellsOf(row)])], 1)
  const rule = lines[1]!
  return [
    ...lines.slice(0, 2 + published.length),
    rule,
    ...lines.slice(2 + published.length),
    `Above the second rule as published: ${[...new Set(published.flatMap(({ source }) => source.split('; ')))].join('; ')}.`,
    ...notes(columns),
  ].join('\n')
}

/** The same with every digit: one line a system and corpus. */
export function paperCsv(columns: PaperColumn[]): string {
  const { published, ours } = rowsOf(columns)
  const lines = [...published, ...ours].flatMap(({ name, source, cells }) =>
    cells.flatMap((cell, i) =>
      cell === null
        ? []
        : [[columns[i]!.corpus, name, source, cell.labelCount, ...metricNames.map((metric) => cell[metric])]],
    ),
  )
  return csvText([['corpus', 'system', 'source', 'labelCount', ...metricNames], ...lines])
}

/** The same as a table of LaTeX (booktabs). */
export function paperLatex(columns: PaperColumn[]): string {
  const { published, ours } = rowsOf(columns)
  const line = (row: PaperRow) =>
    `${escapeLatex(row.name)} & ${cellsOf(row)
      .map((cell) => cell.replace(' ±', ' $\\pm$ '))
      .join(' & ')} \\\\`
  const width = 1 + metricNames.length
  return [
    ...notes(columns).map((note) => `% ${note}`),
    `\\begin{tabular}{l${'r'.repeat(width * columns.length)}}`,
    '\\toprule',
    ` & ${columns.map(({ corpus }) => `\\multicolumn{${width}}{c}{${corpusTitles[corpus]}}`).join(' & ')} \\\\`,
    columns.map((_, i) => `\\cmidrule(lr){${2 + i * width}-${1 + (i + 1) * width}}`).join(' '),
    ` & ${columns.map(() => 'labels & Acc (\\%) & Acc@161 (\\%) & mean (km) & median (km)').join(' & ')} \\\\`,
    '\\midrule',
    ...published.map(line),
    '\\midrule',
    ...ours.map(line),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n')
}
