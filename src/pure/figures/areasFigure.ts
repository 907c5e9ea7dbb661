import { scaleLinear } from 'd3-scale'
import type { StatsAnswer } from '#protocol/areaStatistics.ts'
import { filled, stroked, type FigureOptions } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { areasPath, areasShape, mapFigure } from './mapFigure.ts'
import { countText, pText, rangeText, shareText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { element } from './svg.ts'

/** An area stands out where its q is at most this. */
const standsOutQ = 0.1
const steps = 6

/** A variant's rate by area, drawn towards the overall share; areas that stand out among their neighbours have a border of their own. */
export function areasFigure(answer: StatsAnswer, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const shapes = answer.shapes?.features ?? []
  const rates = shapes.map(({ properties }) => properties.smoothed)
  const [least, most] = [Math.min(...rates), Math.max(...rates)]
  const levels = scaleLinear()
    .domain([least, most])
    .ticks(steps)
    .filter((level) => level > least && level < most)
  const classOf = (rate: number) => levels.filter((level) => rate >= level).length
  const outline = { fill: 'none', stroke: paint.border, 'stroke-width': 0.3 }
  const strong = { fill: 'none', stroke: options.grey ? '#000000' : '#D55E00', 'stroke-width': 1.3 }
  const standOut = shapes.filter(({ properties: { q } }) => q !== null && q <= standsOutQ)
  return mapFigure(ground, paint, options, {
    title: options.title ?? `${answer.variant} by area`,
    caption:
      `Share of informants by area, drawn towards the overall ${shareText(answer.share)} where informants are few (Marshall 1991). ` +
      `${countText(answer.informants)} informants in ${countText(answer.areas.length)} areas; neighbours are ${answer.weights}. ` +
      `Moran's I ${answer.moran.i.toFixed(3)}, ${pText(answer.moran.p)}.`,
    legend: [
      ...Array.from({ length: levels.length + 1 }, (_, k) => ({
        label:
          k === 0
            ? `under ${shareText(levels[0] ?? most)}`
            : rangeText(shareText(levels[k - 1]!), k < levels.length ? shareText(levels[k]!) : null),
        draw: filled(paint.ordered(k, levels.length + 1)),
      })),
      ...(standOut.length > 0 ? [{ label: `unlike chance, q ≤ ${standsOutQ}`, draw: stroked(strong) }] : []),
    ],
    under: (plane) =>
      shapes
        .map(({ geometry, properties }) =>
          areasShape(geometry.coordinates, plane, {
            fill: paint.ordered(classOf(properties.smoothed), levels.length + 1),
          }),
        )
        .join(''),
    over: (plane) =>
      [
        ...shapes.map(({ geometry }) => element('path', { d: areasPath(geometry.coordinates, plane), ...outline })),
        ...standOut.map(({ geometry }) => element('path', { d: areasPath(geometry.coordinates, plane), ...strong })),
      ].join(''),
  })
}

/** Lon,lat interleaved: the places that the figure has to hold. */
export const placesOfAreas = ({ areas }: StatsAnswer): Float32Array =>
  Float32Array.from(areas.flatMap(({ lon, lat }) => [lon, lat]))
