import type { MapAnswer } from '#protocol/explorer.ts'
import { dotted, filled, type FigureOptions } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { areasShape, mapFigure } from './mapFigure.ts'
import { paintOf } from './paint.ts'
import { countText, pText, rangeText, shareText } from './numbers.ts'
import { siteDots } from './siteDots.ts'

const isRate = ({ surface }: MapAnswer) => surface.features.some(({ properties }) => properties.share > 1)

/** What was computed, from how much, with which settings. */
const wordMapCaption = (answer: MapAnswer): string => {
  const { informants, sites, perVariant, bandwidthKm, test } = answer
  return (
    `${isRate(answer) ? 'Occurrences a thousand words' : 'Share of informants'} by a Gaussian kernel of ${Math.round(bandwidthKm)} km, shown where at least ten informants' worth of evidence speaks. ` +
    `${countText(informants)} informants at ${countText(sites)} sites; ${perVariant.map((one) => `${one.variant} ${countText(one.informants)}`).join(', ')}.` +
    (test ? ` Test of geography by ${test.unit}s: ${pText(test.p)}.` : '')
  )
}

/** Where a variant is used: its surface in classes, and the sites that were asked. */
export function wordMapFigure(answer: MapAnswer, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const { perVariant, surface, points } = answer
  const levels = surface.features
  const [first] = perVariant
  const lowest = levels[0]?.properties.share
  const rate = isRate(answer)
  const value = (level: number) => (rate ? String(level) : shareText(level))
  const against = perVariant.length > 1 ? ` against ${perVariant.slice(1).map(({ variant }) => variant).join(', ')}` : '' // prettier-ignore
  return mapFigure(ground, paint, options, {
    title: options.title ?? `${first!.variant}${against}`,
    caption: wordMapCaption(answer),
    legend: [
      ...(lowest === undefined
        ? []
        : [{ label: `under ${value(lowest)}`, draw: filled(paint.ordered(0, levels.length + 1)) }]),
      ...levels.map(({ properties: { share } }, k) => ({
        label: rangeText(value(share), levels[k + 1] ? value(levels[k + 1]!.properties.share) : null),
        draw: filled(paint.ordered(k + 1, levels.length + 1)),
      })),
      { label: 'site', draw: dotted(0.9, { fill: paint.ink }) },
    ],
    under: (plane) =>
      areasShape(answer.support.geometry.coordinates, plane, { fill: paint.ordered(0, levels.length + 1) }) +
      levels
        .map(({ geometry }, k) =>
          areasShape(geometry.coordinates, plane, { fill: paint.ordered(k + 1, levels.length + 1) }),
        )
        .join(''),
    over: (plane) =>
      siteDots(
        points.lat.map((lat, site) => [points.lon[site]!, lat] as [number, number]),
        plane.place,
        paint.ink,
      ),
  })
}
