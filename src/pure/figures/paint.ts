import { cividis } from '../maps/cividis.ts'
import { shadeCss } from '../maps/shades.ts'
import { element } from './svg.ts'

/**
 * Colours that stay apart for all kinds of colour vision (Okabe & Ito 2008), and for print in grey hatchings: what is ordered
 * goes from light to dark in both, what is not differs by direction.
 */
export interface Paint {
  grey: boolean
  ink: string
  soft: string
  land: string
  sea: string
  border: string
  /** Fill of class k of `count` ordered classes. */
  ordered(k: number, count: number): string
  /** The same without hatching, for marks that are too small to show one. */
  tone(k: number, count: number): string
  /** Fill of class k of `count` where one of two things (side 0 or 1) has more; the middle where k is -1. */
  diverging(side: number, k: number, count: number): string
  /** Fill, and stroke with its dashes, of kind k of things without an order. */
  fill(k: number): string
  stroke(k: number): { stroke: string; 'stroke-dasharray'?: string }
  /** What the fills need to stand in the figure. */
  definitions(): string
}

const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']
const dashes = [undefined, '6 2.5', '1.5 2', '7 2 1.5 2', '3 1.5', '9 2 1.5 2 1.5 2', '2 4']
const greys = ['#000000', '#000000', '#000000', '#000000', '#555555', '#555555', '#555555']

export function paintOf(grey: boolean): Paint {
  const used = new Map<string, string>()
  /** Lines `gap` points apart at an angle. */
  const hatching = (gap: number, width: number, angle: number, cross = false): string => {
    const id = `hatch-${`${gap}-${width}-${angle}${cross ? 'x' : ''}`.replaceAll('.', '_')}`
    const line = (attributes: Record<string, number>) =>
      element('line', { stroke: '#000', 'stroke-width': width, ...attributes })
    used.set(
      id,
      element(
        'pattern',
        { id, width: gap, height: gap, patternUnits: 'userSpaceOnUse', patternTransform: `rotate(${angle})` },
        element('rect', { width: gap, height: gap, fill: '#fff' }) +
          line({ x1: 0, x2: gap, y1: gap / 2, y2: gap / 2 }) +
          (cross ? line({ x1: gap / 2, x2: gap / 2, y1: 0, y2: gap }) : ''),
      ),
    )
    return `url(#${id})`
  }
  return {
    grey,
    ink: '#1a1a1a',
    soft: '#5c5c5c',
    land: grey ? '#eeeeee' : '#f4f2ec',
    sea: grey ? '#d4d4d4' : '#e3ebf1',
    border: grey ? '#777777' : '#a39f94',
    ordered(k, count) {
      const share = count < 2 ? 1 : k / (count - 1)
      if (!grey) return `rgb(${cividis(0.04 + 0.92 * share, false).join(',')})`
      // The share of ink rises evenly; above a half it is lines crossed.
      const ink = 0.05 + 0.65 * share
      const gap = 3.2
      return ink < 0.4
        ? hatching(gap, Math.round(ink * gap * 100) / 100, 45)
        : hatching(gap, Math.round((1 - Math.sqrt(1 - ink)) * gap * 100) / 100, 45, true)
    },
    tone(k, count) {
      const share = count < 2 ? 1 : k / (count - 1)
      const level = Math.round(255 * (0.95 - 0.9 * share))
        .toString(16)
        .padStart(2, '0')
      return grey ? `#${level}${level}${level}` : `rgb(${cividis(0.04 + 0.92 * share, false).join(',')})`
    },
    diverging(side, k, count) {
      const share = (k + 1) / count
      if (!grey) return shadeCss({ scale: 'diverging', value: 0.5 + (side === 0 ? 0.5 : -0.5) * share }, false)
      const gap = 3.2
      return k < 0 ? '#ffffff' : hatching(gap, Math.round((0.1 + 0.4 * share) * gap * 100) / 100, side === 0 ? 45 : 135)
    },
    fill: (k) => (grey ? hatching(2.6 + 0.5 * (k % 3), 0.5, [45, 135, 0, 90, 20, 160, 70][k % 7]!) : colours[k % 7]!),
    stroke: (k) => (grey ? { stroke: greys[k % 7]!, 'stroke-dasharray': dashes[k % 7] } : { stroke: colours[k % 7]! }),
    definitions: () => (used.size > 0 ? element('defs', {}, [...used.values()].join('')) : ''),
  }
}
