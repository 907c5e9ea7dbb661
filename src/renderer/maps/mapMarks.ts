import type { ColourRole } from '../colours/palette.ts'

/** A sign above everything else on a map; few of them, drawn as SVG. */
export interface MapMark {
  /** Planar km. */
  x: number
  y: number
  shape: 'ring' | 'disc' | 'cross' | 'diamond'
  colour: ColourRole
  /** Half of its height. */
  sizePx: number
  text?: string
  /** Where the text goes while there is room: away from the line that ends here. Right where left out. */
  textSide?: 'left' | 'right'
}

/** Text sides of the two ends of a line, so that neither text lies on it. */
export function sidesOf(fromX: number, toX: number): Record<'from' | 'to', 'left' | 'right'> {
  return toX >= fromX ? { from: 'left', to: 'right' } : { from: 'right', to: 'left' }
}

/** Outline of a mark round the origin. */
export function markPath({ shape, sizePx: r }: Pick<MapMark, 'shape' | 'sizePx'>): string {
  switch (shape) {
    case 'ring':
    case 'disc':
      return `M${-r},0 a${r},${r} 0 1 1 ${2 * r},0 a${r},${r} 0 1 1 ${-2 * r},0 Z`
    case 'diamond':
      return `M0,${-r} L${r},0 L0,${r} L${-r},0 Z`
    case 'cross':
      return `M${-r},0 H${r} M0,${-r} V${r}`
    default:
      return shape satisfies never
  }
}
