import type { Comparison, ConditionResult, FloorResult, Interval, MetricName } from '#protocol/results.ts'
import { metricNames } from '#protocol/results.ts'

type Row = ConditionResult | FloorResult

const isShare = (metric: MetricName) => metric === 'accuracy' || metric === 'accuracyAt161Km'
const heads: Record<MetricName, string> = { accuracy: 'Acc %', accuracyAt161Km: 'Acc@161 %', meanErrorKm: 'mean km', medianErrorKm: 'median km' }
const floorNames = { 'median-point': 'training median point', 'largest-label': 'largest label' }

/** What a row is called: scheme and model. */
export const rowName = ({ labels, model }: Row) =>
  model === 'median-point' || model === 'largest-label' ? `${labels ? `${labels} ` : ''}${floorNames[model as keyof typeof floorNames]}` : `${labels} ${model}`

/** As many digits as the interval deserves: the half-width's first digit, at least one decimal for shares. */
export function formatMetric(metric: MetricName, value: number | null, range?: Interval): string {
  if (value === null) return '-'
  const scale = isShare(metric) ? 100 : 1
  const half = range ? ((range[1] - range[0]) / 2) * scale : 0
  const digits = half > 0 ? Math.max(0, Math.min(2, -Math.floor(Math.log10(half)))) : 1
  const shown = (value * scale).toFixed(digits)
  return half > 0 ? `${shown} ±${half.toFixed(digits)}` : shown
}

const isBest = (row: Row, metric: MetricName) => 'bestIn' in row && row.bestIn.includes(metric)

function settingsLine({ settings, test }: Comparison): string {
  const { mentions, hashtags, placeNames, stopwords, replacementTokens, splitBy } = settings
  return (
    `Test: ${test.documents} documents; intervals of 95 % by ${test.resamples} resamples of ${test.clusters} ${test.unit}s. ` +
    `Mentions ${mentions}, hashtags ${hashtags}, place names ${placeNames}, stop words ${stopwords}, replacement tokens ${replacementTokens}, split by ${splitBy}.`
  )
}

/** The comparison for a terminal; `*` marks what is best by differences that hold. */
export function comparisonTable(comparison: Comparison): string {
  const rows = [
    ['', 'labels', 'seeds', ...metricNames.map((metric) => heads[metric])],
    ...comparison.results.map((row) => [
      rowName(row),
      row.labelCount === null ? '-' : String(row.labelCount),
      'seeds' in row ? String(row.seeds.length) : '-',
      ...metricNames.map((metric) => {
        return `${formatMetric(metric, row[metric], row.intervals[metric])}${isBest(row, metric) ? '*' : ' '}`
      }),
    ]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const text = rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ').trimEnd())
  text.splice(1, 0, '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)))
  return [
    `${comparison.experiment}${comparison.synthetic ? ' (synthetic corpus)' : ''}`,
    ...text,
    '* better than every floor and, by differences that hold, than every other condition (paired bootstrap, Holm, p < 0.05)',
    settingsLine(comparison),
    ...comparison.warnings.map((warning) => `Warning: ${warning}`),
  ].join('\n')
}

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

/** One line a row, full precision, intervals beside the values. */
export function comparisonCsv({ results }: Comparison): string {
  const head = ['labels', 'model', 'labelCount', 'seeds', ...metricNames.flatMap((metric) => [metric, `${metric}Low`, `${metric}High`])]
  const lines = results.map((row) => [
    row.labels ?? '',
    row.model,
    row.labelCount ?? '',
    'seeds' in row ? row.seeds.join(' ') : '',
    ...metricNames.flatMap((metric) => [row[metric] ?? '', row.intervals[metric]?.[0] ?? '', row.intervals[metric]?.[1] ?? '']),
  ])
  return [head, ...lines].map((cells) => cells.join(',')).join('\n')
}
