import type { Paint } from './paint.ts'
import { element, escape, text, textWidth, wrap } from './svg.ts'

/** What every figure takes. */
export interface FigureOptions {
  widthMm: number
  grey: boolean
  /** In place of the one that the figure would have. */
  title?: string
}

/** One entry of a legend: a small drawing in a box of `swatch` points, and what it stands for. */
export interface LegendEntry {
  label: string
  draw(x: number, y: number, width: number, height: number): string
}

export interface FramedFigure {
  title: string
  widthMm: number
  paint: Paint
  /** In points of 1/72 inch. */
  bodyHeight: number
  /** Drawn with its upper left corner at 0, 0. */
  body: string
  legend: LegendEntry[]
  /** What was computed, from how much, with which settings. */
  caption: string
  credits: string | null
}

export const pointsPerMm = 72 / 25.4
/** Named, not outlined, so that words in a figure can be found and changed; the PNG is drawn with the first one. */
export const fontFamily = "'DejaVu Sans', Verdana, Arial, sans-serif"
const sizes = { title: 9.5, legend: 7.5, caption: 7, credits: 6 }
const swatch = { width: 16, height: 8 }

/** A whole figure: title, body, legend, caption and credits under one another, as wide as the page wants it. */
export function framed({ title, widthMm, paint, bodyHeight, body, legend, caption, credits }: FramedFigure): string {
  const width = widthMm * pointsPerMm
  const parts: string[] = []
  let y = 0
  for (const line of wrap(title, width, sizes.title)) {
    y += sizes.title * 1.3
    parts.push(text(0, y - 2, line, { 'font-size': sizes.title, 'font-weight': 'bold', fill: paint.ink }))
  }
  y += 4
  parts.push(element('g', { transform: `translate(0 ${y.toFixed(2)})` }, body))
  y += bodyHeight + 6
  let x = 0
  for (const { label, draw } of legend) {
    const entry = swatch.width + 4 + textWidth(label, sizes.legend)
    if (x > 0 && x + entry > width) {
      x = 0
      y += sizes.legend * 1.6
    }
    parts.push(draw(x, y, swatch.width, swatch.height))
    parts.push(text(x + swatch.width + 4, y + 7, label, { 'font-size': sizes.legend, fill: paint.ink }))
    x += entry + 10
  }
  if (legend.length > 0) y += sizes.legend * 1.6 + 2
  for (const line of wrap(caption, width, sizes.caption)) {
    y += sizes.caption * 1.35
    parts.push(text(0, y, line, { 'font-size': sizes.caption, fill: paint.ink }))
  }
  for (const line of credits === null ? [] : wrap(credits, width, sizes.credits)) {
    y += sizes.credits * 1.5
    parts.push(text(0, y, line, { 'font-size': sizes.credits, fill: paint.soft }))
  }
  const height = y + 3
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${widthMm}mm" height="${(height / pointsPerMm).toFixed(2)}mm" viewBox="0 0 ${width.toFixed(2)} ${height.toFixed(2)}" font-family="${fontFamily}" role="img" aria-label="${escape(title)}">
<title>${escape(title)}</title>
<desc>${escape(caption)}</desc>
<rect width="100%" height="100%" fill="#fff"/>
${paint.definitions()}
${parts.join('\n')}
</svg>
`
}

export const filled =
  (fill: string, stroke?: string, attributes: Record<string, number> = {}): LegendEntry['draw'] =>
  (x, y, width, height) =>
    element('rect', { x, y, width, height, fill, stroke: stroke ?? '#555', 'stroke-width': 0.4, ...attributes })

export const stroked =
  (attributes: Record<string, string | number | undefined>): LegendEntry['draw'] =>
  (x, y, width, height) =>
    element('line', { x1: x, x2: x + width, y1: y + height / 2, y2: y + height / 2, ...attributes })

export const dotted =
  (radius: number, attributes: Record<string, string | number | undefined>): LegendEntry['draw'] =>
  (x, y, width, height) =>
    element('circle', { cx: x + width / 2, cy: y + height / 2, r: radius, ...attributes })
