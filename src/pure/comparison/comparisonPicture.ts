import { scaleLinear } from 'd3-scale'
import type { Comparison, ConditionResult, FloorResult, MetricName } from '#protocol/comparison.ts'
import { metricNames } from '#protocol/comparison.ts'
import { isDashed, schemeRole, type SchemeRole } from '../conditionStyle.ts'
import { isShare } from '../metricRules.ts'
import { formatMetric, rowName } from './rows.ts'

const ink = '#222'
const soft = '#767676'
const colours: Record<SchemeRole, string> = {
  kd: '#0072B2',
  p2c: '#D55E00',
  kmeans: '#009E73',
  cities: '#AA4499',
  own: '#997700',
  ink,
}
const titles: Record<MetricName, string> = {
  accuracy: 'Accuracy, %',
  accuracyAt161Km: 'Acc@161, %',
  meanErrorKm: 'Mean error, km',
  medianErrorKm: 'Median error, km',
}
const size = { left: 190, panel: 190, gap: 12, row: 30, top: 74, bottom: 46 }

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/**
 * The comparison as an SVG: a row a condition, a panel a metric, dots with 95 % intervals. Colours stand for the labels'
 * method (k-d blue, P2C vermilion, none black); the dot of a model of several tasks is filled and its interval solid, that
 * of one task hollow and dashed; floors are grey.
 */
export function comparisonPicture(comparison: Comparison, title = comparison.experiment): string {
  const { results } = comparison
  const colourOf = (row: ConditionResult | FloorResult) =>
    'runs' in row ? colours[schemeRole(row.labelsMethod)] : soft
  const width = size.left + metricNames.length * (size.panel + size.gap) + 16
  const height = size.top + results.length * size.row + size.bottom
  const y = (index: number) => size.top + (index + 0.5) * size.row
  const names = results.map(
    (row, i) =>
      `<text x="${size.left - 14}" y="${y(i) + 4}" text-anchor="end" fill="${'runs' in row ? ink : soft}">${escape(rowName(row))}</text>`,
  )
  const panels = metricNames.map((metric, p) => {
    const left = size.left + p * (size.panel + size.gap)
    const times = isShare(metric) ? 100 : 1
    const values = results.flatMap((row) =>
      row[metric] === null ? [] : [row[metric], ...(row.intervals[metric] ?? [])],
    )
    const x = scaleLinear()
      .domain([Math.min(0, ...values), Math.max(...values) * times * 1.02])
      .range([left + 8, left + size.panel - 8])
      .nice(4)
    const ticks = x
      .ticks(4)
      .map(
        (tick) =>
          `<line x1="${x(tick)}" x2="${x(tick)}" y1="${size.top}" y2="${height - size.bottom}" stroke="#e4e4e4"/>` +
          `<text x="${x(tick)}" y="${height - size.bottom + 16}" text-anchor="middle" fill="${soft}" font-size="11">${tick}</text>`,
      )
    const marks = results.map((row, i) => {
      const value = row[metric]
      if (value === null) return `<text x="${left + 12}" y="${y(i) + 4}" fill="${soft}">no labels</text>`
      const colour = colourOf(row)
      const range = row.intervals[metric]
      const single = 'runs' in row && isDashed(row.tasks)
      const dash = single ? ' stroke-dasharray="4 2"' : ''
      const line = range
        ? `<line x1="${x(range[0] * times)}" x2="${x(range[1] * times)}" y1="${y(i)}" y2="${y(i)}" stroke="${colour}" stroke-width="2"${dash}/>`
        : ''
      const end = x((range?.[1] ?? value) * times)
      const start = x((range?.[0] ?? value) * times)
      // To the right, else to the left; where there is no room on either side, above.
      const [anchor, at, above] =
        end + 78 < left + size.panel
          ? ['start', end + 8, 0]
          : start - 70 > left
            ? ['end', start - 8, 0]
            : ['middle', x(value * times), 11]
      return (
        `${line}<circle cx="${x(value * times)}" cy="${y(i)}" r="4" fill="${single ? '#fff' : colour}" stroke="${colour}" stroke-width="2"/>` +
        `<text x="${at}" y="${y(i) + 4 - above}" text-anchor="${anchor}" fill="${ink}" font-size="11">${formatMetric(metric, value, range)}</text>`
      )
    })
    return `<g><text x="${left + 8}" y="${size.top - 10}" fill="${ink}" font-weight="600">${titles[metric]}</text>${ticks.join('')}${marks.join('')}</g>`
  })
  const { test } = comparison
  const subtitle = `${comparison.synthetic ? 'Synthetic corpus. ' : ''}${test.documents} test documents, 95 % intervals by ${test.resamples} resamples of ${test.clusters} ${test.unit}s. Hollow and dashed: single task.`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Comparison ${escape(comparison.experiment)}">
<desc>${escape(subtitle)}</desc>
<rect width="100%" height="100%" fill="#fff"/>
<text x="16" y="24" font-size="16" font-weight="600" fill="${ink}">${escape(title)}</text>
<text x="16" y="43" fill="${soft}" font-size="12">${escape(subtitle)}</text>
${names.join('\n')}
${panels.join('\n')}
</svg>
`
}
