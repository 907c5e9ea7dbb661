import { scaleLinear, scaleLog } from 'd3-scale'
import { framed, pointsPerMm, stroked, type FigureOptions } from './frame.ts'
import type { Paint } from './paint.ts'
import { element, path, text, type Attributes } from './svg.ts'

export interface ChartLine {
  name: string
  points: [x: number, y: number][]
  style: Attributes
  /** Places on the line that are marked by a dot. */
  marks?: [x: number, y: number][]
}

export interface Axis {
  title: string
  range: [number, number]
  log?: boolean
  ticks?: number[]
  format(value: number): string
}

export interface ChartPanel {
  title: string | null
  lines: ChartLine[]
  x: Axis
  y: Axis
}

export interface ChartFigure {
  title: string
  caption: string
  /** Side by side. */
  panels: ChartPanel[]
  /** Of all lines, each once by its name. */
  legendOf: ChartLine[]
}

const room = { left: 34, right: 6, top: 14, bottom: 26 }

/** Lines over axes, in one panel or several, with one legend. */
export function chartFigure(
  paint: Paint,
  { widthMm }: FigureOptions,
  { title, caption, panels, legendOf }: ChartFigure,
): string {
  const width = widthMm * pointsPerMm
  const panelWidth = width / panels.length
  const height = Math.min(width * 0.55, Math.max(130, panelWidth * 0.8))
  const known = new Map(legendOf.map((line) => [line.name, line]))
  return framed({
    title,
    widthMm,
    paint,
    bodyHeight: height,
    body: panels.map((panel, k) => panelOf(panel, paint, k * panelWidth, panelWidth, height)).join('\n'),
    legend: [...known.values()].map(({ name, style }) => ({
      label: name,
      draw: stroked({ 'stroke-width': 1.4, ...style }),
    })),
    caption,
    credits: null,
  })
}

function panelOf(
  { title, lines, x, y }: ChartPanel,
  paint: Paint,
  left: number,
  width: number,
  height: number,
): string {
  const [west, east, north, south] = [left + room.left, left + width - room.right, room.top, height - room.bottom]
  const across = (x.log ? scaleLog() : scaleLinear()).domain(x.range).range([west, east])
  const up = scaleLinear().domain(y.range).range([south, north])
  const small = { 'font-size': 6.5, fill: paint.soft }
  const parts = [
    title === null ? '' : text(west, 9, title, { 'font-size': 7.5, 'font-weight': 'bold', fill: paint.ink }),
    ...(y.ticks ?? up.ticks(5)).map(
      (value) =>
        element('line', { x1: west, x2: east, y1: up(value), y2: up(value), stroke: '#dddddd', 'stroke-width': 0.5 }) +
        text(west - 3, up(value) + 2.2, y.format(value), { ...small, 'text-anchor': 'end' }),
    ),
    ...(x.ticks ?? across.ticks(5)).map(
      (value) =>
        element('line', {
          x1: across(value),
          x2: across(value),
          y1: south,
          y2: south + 3,
          stroke: paint.soft,
          'stroke-width': 0.5,
        }) + text(across(value), south + 10, x.format(value), { ...small, 'text-anchor': 'middle' }),
    ),
    element('path', { d: `M${west} ${north}V${south}H${east}`, fill: 'none', stroke: paint.soft, 'stroke-width': 0.6 }),
    text((west + east) / 2, height - 5, x.title, { 'font-size': 7, fill: paint.ink, 'text-anchor': 'middle' }),
    text(0, 0, y.title, {
      'font-size': 7,
      fill: paint.ink,
      'text-anchor': 'middle',
      transform: `translate(${(left + 8).toFixed(1)} ${((north + south) / 2).toFixed(1)}) rotate(-90)`,
    }),
    ...lines.map(({ points, style }) =>
      element('path', {
        d: path(
          points.map(([a, b]): [number, number] => [across(a), up(b)]),
          false,
        ),
        fill: 'none',
        'stroke-width': 1.4,
        'stroke-linejoin': 'round',
        ...style,
      }),
    ),
    ...lines.flatMap(({ marks = [], style }) =>
      marks.map(([a, b]) => element('circle', { cx: across(a), cy: up(b), r: 2.2, fill: style['stroke'] })),
    ),
  ]
  return parts.join('')
}

/** A range with round ends that holds all values. */
export function niceRange(values: number[], fromZero: boolean): [number, number] {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return [0, 1]
  const [low, high] = [fromZero ? 0 : Math.min(...finite), Math.max(...finite)]
  const [from, to] = scaleLinear()
    .domain(high > low ? [low, high] : [low - 1, high + 1])
    .nice(5)
    .domain()
  return [from!, to!]
}
