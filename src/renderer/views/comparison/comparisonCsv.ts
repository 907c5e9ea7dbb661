import { metricNames, type Comparison } from '#protocol/results.ts'
import { comparisonRows } from './comparisonTable.ts'

function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The comparison as a CSV table with every digit: one line a row, metrics with both ends of their intervals. */
export function comparisonCsv(comparison: Comparison): string {
  const header = [
    'labels',
    'model',
    'labelCount',
    'seeds',
    ...metricNames.flatMap((metric) => [metric, `${metric}Low`, `${metric}High`]),
  ]
  const lines = comparisonRows(comparison).map(({ labels, model, labelCount, condition, cells }) => [
    labels,
    model,
    labelCount,
    condition?.seeds.join(' '),
    ...metricNames.flatMap((metric) => {
      const { value, interval } = cells[metric]
      return [value, interval?.[0], interval?.[1]]
    }),
  ])
  return [header, ...lines].map((line) => line.map(field).join(',')).join('\n') + '\n'
}
