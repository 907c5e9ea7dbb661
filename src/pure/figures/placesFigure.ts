import { dotted, type FigureOptions } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { mapFigure } from './mapFigure.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { siteDots } from './siteDots.ts'

/**
 * Where a run puts the texts of a file.
 * @param places lon,lat degrees
 */
export function placesFigure(
  places: [lon: number, lat: number][],
  run: string,
  ground: Ground,
  options: FigureOptions,
): string {
  const paint = paintOf(options.grey)
  const { stroke } = paint.stroke(0)
  return mapFigure(ground, paint, options, {
    title: options.title ?? 'Where texts are from',
    caption: `${countText(places.length)} texts where ${run} puts them; texts at one place are one dot.`,
    legend: [{ label: 'texts', draw: dotted(1.2, { fill: stroke }) }],
    under: () => '',
    over: (plane) => siteDots(places, plane.place, stroke),
  })
}
