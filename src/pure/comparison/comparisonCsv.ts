import { metricNames, type Comparison } from '#protocol/comparison.ts'

function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The comparison as a CSV table with every digit: one line a row, metrics with both ends of their intervals. */
export function comparisonCsv({ results }: Comparison): string {
  const head = [
    'labels',
    'model',
    'labelCount',
    'seeds',
    ...metricNames.flatMap((metric) => [metric, `${metric}Low`, `${metric}High`]),
  ]
  const lines = results.map((row) => [
    row.labels,
    row.model,
    row.labelCount,
    'seeds' in row ? row.seeds.join(' ') : null,
    ...metricNames.flatMap((metric) => [row[metric], row.intervals[metric]?.[0], row.intervals[metric]?.[1]]),
  ])
  return [head, ...lines].map((line) => line.map(field).join(',')).join('\n')
}
