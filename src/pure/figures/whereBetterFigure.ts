import type { AreaDifferences } from '#protocol/comparison.ts'
import { signedKm, sureWinner } from '../comparison/whereBetter.ts'
import { denseRing } from '../maps/planarShapes.ts'
import { filled, type FigureOptions } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { areasPath, mapFigure } from './mapFigure.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { haloed } from './placedNames.ts'
import { element, textWidth } from './svg.ts'

/** Where one of two conditions is better: each area with its difference, filled where the interval leaves out zero. */
export function whereBetterFigure(
  { areas, unit, resamples }: AreaDifferences,
  pair: AreaDifferences['pairs'][number],
  ground: Ground,
  options: FigureOptions,
): string {
  const { a, b, differences } = pair
  const paint = paintOf(options.grey)
  const fills = [paint.fill(0), paint.fill(1)] as const
  const sure = differences.filter((one) => sureWinner(pair, one) !== null).length
  return mapFigure(ground, paint, options, {
    title: options.title ?? `Where ${b} is better than ${a}`,
    caption:
      `Mean error of ${b} less that of ${a}, km, in ${areas.length} cells of a k-d tree of ${countText(areas.reduce((sum, { documents }) => sum + documents, 0))} test documents. ` +
      `Filled where the 95 % interval of the cell (${countText(resamples)} resamples by ${unit}) leaves out zero: ${sure} of ${areas.length}, of which one in twenty would by chance.`,
    legend: [
      { label: `${b} better`, draw: filled(fills[0]) },
      { label: `${a} better`, draw: filled(fills[1]) },
      { label: 'undecided', draw: filled(paint.land) },
    ],
    under: (plane) =>
      areas
        .map(({ rings }, k) => {
          const better = sureWinner(pair, differences[k]!)
          return element('path', {
            d: areasPath([rings.map(denseRing)], plane),
            fill: better === b ? fills[0] : better === a ? fills[1] : 'none',
            'fill-opacity': 0.55,
            stroke: paint.soft,
            'stroke-width': 0.5,
          })
        })
        .join(''),
    over: (plane) =>
      areas
        .map(({ lon, lat }, k) => {
          const [x, y] = plane.place(lon, lat)
          const label = signedKm(differences[k]!.differenceKm)
          const from = x - textWidth(label, 6) / 2
          return haloed(from, y + 2, label, paint)
        })
        .join(''),
  })
}
