import type { Position } from 'geojson'
import type { LabelMap } from '#protocol/labelSets.ts'
import type { FigureOptions } from './frame.ts'
import { dotted, stroked } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { linesPath, mapFigure } from './mapFigure.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { placedNames } from './placedNames.ts'
import { element } from './svg.ts'
import { siteDots } from './siteDots.ts'

/** The territories of a label set: borders, training places, and the names of the greatest labels as far as there is room. */
export function labelsFigure(map: LabelMap, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const { summary, labels, points } = map
  const places = Array.from({ length: points.length / 2 }, (_, i): [number, number] => [
    points[2 * i]!,
    points[2 * i + 1]!,
  ])
  const without = summary.unlabelled.train > 0 ? ` (${countText(summary.unlabelled.train)} have none)` : ''
  const line = { stroke: options.grey ? '#000000' : '#0072B2', 'stroke-width': 0.9 }
  return mapFigure(ground, paint, options, {
    title: options.title ?? `Labels ${summary.name}`,
    caption:
      `${countText(summary.labelCount)} labels (${summary.method === 'kd-tree' ? 'k-d tree' : summary.method}) of ${countText(places.length)} training documents${without}, ${countText(summary.sizes[0])} to ${countText(summary.sizes[4])} in a label. ` +
      `A document is ${countText(summary.meanToCentreKm)} km from its label’s centre on average.`,
    legend: [
      { label: 'border of territories', draw: stroked(line) },
      { label: 'training place', draw: dotted(1, { fill: paint.ink }) },
      { label: 'label’s centre', draw: dotted(1.8, { fill: '#ffffff', stroke: paint.ink, 'stroke-width': 0.8 }) },
    ],
    under: () => '',
    over: (plane) => {
      const names = labels
        .toSorted((a, b) => b.documents - a.documents || a.index - b.index)
        .map(({ lon, lat, city }) => ({ lon, lat, name: city }))
      return [
        siteDots(places, plane.place, paint.soft),
        element('path', { d: linesPath(borderLines(map), plane), fill: 'none', ...line }),
        placedNames(names, plane, paint),
      ].join('')
    },
  })
}

/** Borders of territories as lines of lon,lat degrees. */
export const borderLines = ({ borderVertices, borderStarts }: LabelMap): Position[][] =>
  Array.from({ length: Math.max(0, borderStarts.length - 1) }, (_, k) =>
    Array.from({ length: borderStarts[k + 1]! - borderStarts[k]! }, (_, v) => {
      const at = 2 * (borderStarts[k]! + v)
      return [borderVertices[at]!, borderVertices[at + 1]!]
    }),
  )
