import { metricNames, type Comparison } from '#protocol/comparison.ts'
import { csvText, type CsvField } from '../csvText.ts'
import type { Row } from './rows.ts'

/** The comparison as a CSV table with every digit: one line a row, metrics with both ends of their intervals. */
export const comparisonCsv = ({ results }: Comparison): string =>
  comparisonCsvLines(
    [],
    results.map((row) => ({ row, before: [] })),
  )

/** Rows with columns before those that every comparison has. */
export const comparisonCsvLines = (heads: string[], rows: { row: Row; before: string[] }[]): string =>
  csvText([[...heads, ...csvHead], ...rows.map(({ row, before }) => [...before, ...csvFields(row)])])

const csvHead = [
  'labels',
  'model',
  'labelCount',
  'seeds',
  ...metricNames.flatMap((metric) => [metric, `${metric}Low`, `${metric}High`]),
]

/** A row's fields, as `csvHead` names them. */
const csvFields = (row: Row): CsvField[] => [
  row.labels,
  row.model,
  row.labelCount,
  'seeds' in row ? row.seeds.join(' ') : null,
  ...metricNames.flatMap((metric) => [row[metric], row.intervals[metric]?.[0], row.intervals[metric]?.[1]]),
]
