import type { RunAttention, RunSummary } from '#protocol/runs.ts'
import { filled, framed, pointsPerMm, type FigureOptions } from './frame.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { runTitle } from './runFigures.ts'
import { element, short, text } from './svg.ts'

/** Classes of attention, in multiples of the uniform weight. */
const steps = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4]
/** More could not be told apart on paper. */
const mostBands = 360
const room = { left: 26, bottom: 22 }

/** Mean weights of documents that are drawn as one band, position by position; NaN where none of them is so long. */
export function bandWeights(
  { offsets, weights }: Pick<RunAttention, 'offsets' | 'weights'>,
  documents: Int32Array,
  positions: number,
): Float32Array {
  const sums = new Float64Array(positions)
  const counts = new Uint32Array(positions)
  for (const i of documents)
    for (let at = offsets[i]!; at < offsets[i + 1]!; at++) {
      sums[at - offsets[i]!]! += weights[at]!
      counts[at - offsets[i]!]!++
    }
  return Float32Array.from(sums, (sum, at) => (counts[at]! > 0 ? sum / counts[at]! : NaN))
}

/**
 * Where a network looks in its test documents: rows from top to bottom, positions from left to right, strength = attention
 * relative to the uniform one.
 * @param documents places among the run's test documents, from top to bottom
 * @param order what that order is, such as "west to east"
 */
export function attentionFigure(
  attention: RunAttention,
  run: RunSummary,
  { documents, order }: { documents: Int32Array; order: string },
  options: FigureOptions,
): string {
  const paint = paintOf(options.grey)
  const positions = documents.reduce((most, i) => Math.max(most, attention.offsets[i + 1]! - attention.offsets[i]!), 1)
  const bands = Math.min(mostBands, Math.max(1, documents.length))
  const width = options.widthMm * pointsPerMm
  const [wide, high] = [width - room.left - 2, Math.min(width, 460) * 0.75]
  const [cellWidth, cellHeight] = [wide / positions, high / bands]
  const paths = steps.map(() => '')
  for (let band = 0; band < bands; band++) {
    const [first, end] = [band, band + 1].map((k) => Math.round((k * documents.length) / bands))
    const means = bandWeights(attention, documents.subarray(first, end), positions)
    for (let at = 0; at < positions; at++) {
      if (Number.isNaN(means[at]!)) continue
      const x = room.left + at * cellWidth
      paths[steps.findLastIndex((step) => means[at]! >= step)] +=
        `M${short(x)} ${short(band * cellHeight)}h${short(cellWidth)}v${short(cellHeight)}h${short(-cellWidth)}z`
    }
  }
  // One hue, as on the screen.
  const fillOf = (k: number) => {
    const share = 0.06 + (0.94 * k) / (steps.length - 1)
    const [red, green, blue] = (options.grey ? [0, 0, 0] : [123, 75, 179]).map((full) =>
      Math.round(255 - share * (255 - full)),
    )
    return `rgb(${red},${green},${blue})`
  }
  const small = { 'font-size': 6.5, fill: paint.soft }
  const [top, bottom] = order.split(' to ')
  const ticks = [1, Math.ceil(positions / 2), positions].filter((at, i, all) => all.indexOf(at) === i)
  return framed({
    title: options.title ?? `${runTitle(run)}: where it looks`,
    widthMm: options.widthMm,
    paint,
    bodyHeight: high + room.bottom,
    body: [
      ...paths.map((d, k) => (d === '' ? '' : element('path', { d, fill: fillOf(k) }))),
      element('rect', {
        x: room.left,
        y: 0,
        width: wide,
        height: high,
        fill: 'none',
        stroke: paint.soft,
        'stroke-width': 0.4,
      }),
      ...[top, bottom].map((word, k) =>
        text(room.left - 3, k === 0 ? 6 : high - 1, word ?? '', { ...small, 'text-anchor': 'end' }),
      ),
      ...ticks.map((at) =>
        text(room.left + (at - 0.5) * cellWidth, high + 9, countText(at), { ...small, 'text-anchor': 'middle' }),
      ),
      text(room.left + wide / 2, high + 18, `Position (${attention.wordsPerPosition} words each)`, {
        'font-size': 7,
        fill: paint.ink,
        'text-anchor': 'middle',
      }),
    ].join(''),
    legend: steps.map((step, k) => ({
      label: steps[k + 1] === undefined ? `≥ ${step}` : String(step),
      draw: filled(fillOf(k)),
    })),
    caption:
      `Attention of ${countText(documents.length)} test documents, ${order}, in multiples of a document’s uniform weight` +
      `${bands < documents.length ? `; each of ${countText(bands)} rows is the mean of about ${countText(documents.length / bands)}` : ''}.`,
    credits: null,
  })
}
