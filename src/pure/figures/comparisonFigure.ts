import type { Comparison } from '#protocol/comparison.ts'
import { comparisonPicture } from '../comparison/comparisonPicture.ts'
import { fontFamily, type FigureOptions } from './frame.ts'

/** The comparison's picture in the size of the page; in grey, rows are told by their names alone. */
export function comparisonFigure(comparison: Comparison, { widthMm, grey, title }: FigureOptions): string {
  const picture = comparisonPicture(comparison, title)
  const [, width, height] = /^<svg [^>]*?width="([\d.]+)" height="([\d.]+)"/.exec(picture)!
  const sized = picture
    .replace(
      `width="${width}" height="${height}"`,
      `width="${widthMm}mm" height="${((widthMm * Number(height)) / Number(width)).toFixed(2)}mm"`,
    )
    .replace('font-family="system-ui, sans-serif"', `font-family="${fontFamily}"`)
  return grey ? sized.replaceAll(/#(?:0072B2|D55E00|009E73|CC79A7)/g, '#222') : sized
}
