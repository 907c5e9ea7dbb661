import type { Granularity, LabelSize } from '#protocol/labelSets.ts'
import { chartFigure, niceRange, type ChartLine } from './chartFigure.ts'
import type { FigureOptions } from './frame.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'

interface Line {
  method: LabelSize['method']
  rows: Granularity[]
}
interface Measure {
  title: string
  unit: 'km' | 'share'
  value(row: Granularity): number
}

const names = { 'kd-tree': 'k-d tree', point2city: 'Point2City' } as const

const granularityCaption =
  'Labels of several sizes: mean distance of training points from their label’s centre, and what a classifier reaches that is always right about the label.'

/** A sweep of label sizes: each measure against the number of labels, a panel a measure. */
export function granularityFigure(lines: Line[], measures: readonly Measure[], options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const counts = lines.flatMap(({ rows }) => rows.map(({ labelCount }) => labelCount))
  const range: [number, number] = [Math.max(1, Math.min(...counts) / 1.2), Math.max(...counts, 2) * 1.2]
  const decades = Array.from({ length: 7 }, (_, k) => 10 ** k).filter((tick) => tick >= range[0] && tick <= range[1])
  const panels = measures.map((measure) => {
    const drawn = lines.map(({ method, rows }, k): ChartLine => {
      const points = rows.map((row): [number, number] => [row.labelCount, measure.value(row)])
      return { name: names[method], points, style: paint.stroke(k), marks: points }
    })
    const values = drawn.flatMap(({ points }) => points.map(([, value]) => value))
    return {
      title: measure.title,
      lines: drawn,
      x: { title: 'Labels', range, log: true, ticks: decades.length > 1 ? decades : [counts[0]!], format: countText },
      y: {
        title: measure.unit === 'share' ? 'Share' : 'km',
        range: measure.unit === 'share' ? ([0, 1] as [number, number]) : niceRange(values, true),
        format: String,
      },
    }
  })
  return chartFigure(paint, options, {
    title: options.title ?? 'Granularity of labels',
    caption: granularityCaption,
    panels,
    legendOf: panels[0]!.lines,
  })
}
