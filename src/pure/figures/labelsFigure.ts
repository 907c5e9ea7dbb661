import type { LabelMap } from '#protocol/labelSets.ts'
import type { FigureOptions } from './frame.ts'
import { dotted, stroked } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { linesPath, mapFigure } from './mapFigure.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { element, text, textWidth } from './svg.ts'
import { siteDots } from './siteDots.ts'

/** The territories of a label set: borders, training places, and the names of the greatest labels as far as there is room. */
export function labelsFigure(
  { summary, labels, points, borderVertices, borderStarts }: LabelMap,
  ground: Ground,
  options: FigureOptions,
): string {
  const paint = paintOf(options.grey)
  const borders = Array.from({ length: Math.max(0, borderStarts.length - 1) }, (_, k) =>
    Array.from({ length: borderStarts[k + 1]! - borderStarts[k]! }, (_, v) => {
      const at = 2 * (borderStarts[k]! + v)
      return [borderVertices[at]!, borderVertices[at + 1]!]
    }),
  )
  const places = Array.from({ length: points.length / 2 }, (_, i): [number, number] => [
    points[2 * i]!,
    points[2 * i + 1]!,
  ])
  const line = { stroke: options.grey ? '#000000' : '#0072B2', 'stroke-width': 0.9 }
  return mapFigure(ground, paint, options, {
    title: options.title ?? `Labels ${summary.name}`,
    caption:
      `${countText(summary.labelCount)} labels (${summary.method === 'kd-tree' ? 'k-d tree' : summary.method}) of ${countText(places.length)} training documents, ${countText(summary.sizes[0])} to ${countText(summary.sizes[4])} in a label. ` +
      `A document is ${countText(summary.meanToCentreKm)} km from its label’s centre on average.`,
    legend: [
      { label: 'border of territories', draw: stroked(line) },
      { label: 'training place', draw: dotted(1, { fill: paint.ink }) },
      { label: 'label’s centre', draw: dotted(1.8, { fill: '#ffffff', stroke: paint.ink, 'stroke-width': 0.8 }) },
    ],
    under: () => '',
    over: (plane) => {
      const taken: [number, number, number, number][] = []
      const written = new Set<string>()
      const names = labels
        .toSorted((a, b) => b.documents - a.documents || a.index - b.index)
        .map(({ lon, lat, city }) => {
          const [x, y] = plane.place(lon, lat)
          if (!(x >= 0 && x <= plane.width && y >= 0 && y <= plane.height)) return ''
          const dot = element('circle', {
            cx: x,
            cy: y,
            r: 1.6,
            fill: '#ffffff',
            stroke: paint.ink,
            'stroke-width': 0.7,
          })
          const width = textWidth(city, 6)
          const from = x + 4 + width < plane.width ? x + 3.5 : x - 3.5 - width
          const box: [number, number, number, number] = [from - 1, y - 4, from + width, y + 4]
          const crossed = taken.some(([a, b, c, d]) => a < box[2] && c > box[0] && b < box[3] && d > box[1])
          if (written.has(city) || crossed || from < 0) return dot
          taken.push(box)
          written.add(city)
          const at = { 'font-size': 6 }
          return (
            dot +
            text(from, y + 2.1, city, {
              ...at,
              fill: '#ffffff',
              stroke: '#ffffff',
              'stroke-width': 1.8,
              'stroke-linejoin': 'round',
            }) +
            text(from, y + 2.1, city, { ...at, fill: paint.ink })
          )
        })
      return [
        siteDots(places, plane.place, paint.soft),
        element('path', { d: linesPath(borders, plane), fill: 'none', ...line }),
        ...names,
      ].join('')
    },
  })
}
