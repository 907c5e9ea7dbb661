import type { BundleAnswer } from '#protocol/explorer.ts'
import { filled, stroked, type FigureOptions } from './frame.ts'
import { known } from './isoglossFigure.ts'
import type { Ground } from './landOfFigure.ts'
import { areasShape, linesPath, mapFigure } from './mapFigure.ts'
import { rangeText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { element } from './svg.ts'

/** More lines than this are not told apart by their strokes. */
const mostNamed = 7

/** Isoglosses of several questions over one another, on the expected number of them: where they run together is a border of dialects. */
export function bundleFigure(answer: BundleAnswer, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const { lines, expected, support, cellKm } = answer
  const drawn = lines.filter(({ line }) => line !== null)
  const none = lines.filter(({ line }) => line === null)
  const levels = expected.features
  const stroke = (k: number) => (drawn.length > mostNamed ? { stroke: paint.ink } : paint.stroke(k))
  const number = (count: number) => String(Number(count.toPrecision(3)))
  return mapFigure(ground, paint, options, {
    title: options.title ?? 'Bundle of isoglosses',
    caption:
      `${drawn.length} of ${lines.length} questions have a line` +
      (none.length > 0 ? `; none have ${none.map(({ variants }) => variants.join(' and ')).join('; ')}` : '') +
      `. Shaded by the expected number of isoglosses in a cell of ${Math.round(cellKm)} km, over 1,000 draws of each line. ` +
      'Binomial GAMs with site effects; a line ends where fewer than ten informants’ worth of evidence speak.',
    legend: [
      ...(drawn.length > mostNamed
        ? [{ label: 'an isogloss', draw: stroked({ stroke: paint.ink, 'stroke-width': 0.9 }) }]
        : drawn.map(({ variants }, k) => ({
            label: variants.join(' and '),
            draw: stroked({ ...stroke(k), 'stroke-width': 1.4 }),
          }))),
      ...levels.map(({ properties: { count } }, k) => ({
        label: `${rangeText(number(count), levels[k + 1] ? number(levels[k + 1]!.properties.count) : null)} expected`,
        draw: filled(paint.ordered(k + 1, levels.length + 1)),
      })),
    ],
    under: (plane) =>
      [
        areasShape(support.geometry.coordinates, plane, { fill: known }),
        ...levels.map(({ geometry }, k) =>
          areasShape(geometry.coordinates, plane, { fill: paint.ordered(k + 1, levels.length + 1) }),
        ),
      ].join(''),
    over: (plane) =>
      drawn
        .map(({ line }, k) =>
          element('path', {
            d: linesPath(line!.geometry.coordinates, plane),
            fill: 'none',
            'stroke-width': drawn.length > mostNamed ? 0.9 : 1.4,
            ...stroke(k),
          }),
        )
        .join(''),
  })
}

/** Lon,lat degrees, interleaved: the known area. */
export const placesOfBundle = ({ support }: BundleAnswer): Float32Array =>
  Float32Array.from(support.geometry.coordinates.flat(2).flatMap(([lon, lat]) => [lon!, lat!]))
