import type { Comparison, ToldMetric } from '#protocol/comparison.ts'
import { csvText, type CsvField } from '../csvText.ts'
import { settingCells, toldMetrics, type Row } from './rows.ts'

/** The comparison as a CSV table with every digit: one line a row, metrics with both ends of their intervals. */
export const comparisonCsv = ({ results, differing = [] }: Comparison): string =>
  comparisonCsvLines(
    differing,
    results.map((row) => ({ row, before: settingCells(row, differing) })),
  )

/** Rows with columns before those that every comparison has; where there are variants of the texts, theirs is one too. */
export function comparisonCsvLines(heads: string[], rows: { row: Row; before: string[] }[]): string {
  const withVariants = rows.some(({ row }) => 'runs' in row && row.preprocess !== undefined)
  const metrics = toldMetrics(rows.map(({ row }) => row))
  return csvText([
    [...heads, ...csvHead(withVariants, metrics)],
    ...rows.map(({ row, before }) => [...before, ...csvFields(row, withVariants, metrics)]),
  ])
}

const csvHead = (withVariants: boolean, metrics: ToldMetric[]): string[] => [
  'labels',
  'model',
  ...(withVariants ? ['preprocess'] : []),
  'labelCount',
  'seeds',
  ...metrics.flatMap((metric) => [metric, `${metric}Low`, `${metric}High`]),
]

/** A row's fields, as `csvHead` names them. */
const csvFields = (row: Row, withVariants: boolean, metrics: ToldMetric[]): CsvField[] => [
  row.labels,
  row.model,
  ...(withVariants ? ['runs' in row ? row.preprocess : null] : []),
  row.labelCount,
  'seeds' in row ? row.seeds.join(' ') : null,
  ...metrics.flatMap((metric) => [row[metric], row.intervals[metric]?.[0], row.intervals[metric]?.[1]]),
]
