import type { DifferenceAnswer } from '#protocol/groupDifference.ts'
import { conditionText } from '#pure/conditionText.ts'
import type { CsvField } from '#pure/csvText.ts'
import { dotted, filled, type FigureOptions } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { areasShape, mapFigure } from './mapFigure.ts'
import { countText, pText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { siteDots } from './siteDots.ts'

export const groupTitle = ({ where }: DifferenceAnswer['groups'][number]): string => where.map(conditionText).join(', ')

export const placesOfDifference = ({ points }: DifferenceAnswer) =>
  Float32Array.from(points.features.flatMap(({ geometry }) => geometry.coordinates))

const points = (share: number) => String(Number((100 * share).toPrecision(3)))

const caption = (
  { groups, variants, bandwidthKm, level, p, reason }: DifferenceAnswer,
  grey: boolean | undefined,
): string =>
  `Share of ${variants.join(' against ')} by a Gaussian kernel of ${Math.round(bandwidthKm)} km, ${groups.map(groupTitle).join(' less ')}, in percentage points. ` +
  `Filled where the ${Math.round(100 * level)} % interval by sites leaves out zero, outlined where the band of the whole map does; ${grey ? 'white' : 'grey'}: not told apart; land without a fill: fewer than ten informants of a group. ` +
  `${groups.map((group) => `${groupTitle(group)}: ${countText(group.informants)} informants at ${countText(group.sites)} sites`).join('; ')}.` +
  (p === null ? '' : ` Test that they differ nowhere: ${pText(p)}.`) +
  (reason === null ? '' : ` ${reason}`)

/** Where two groups differ: areas in which one of them has more, from the least difference on. */
export function differenceFigure(answer: DifferenceAnswer, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const { groups, surface, support, certain } = answer
  const levels = [...new Set(surface.features.map(({ properties }) => properties.atLeast))].sort((a, b) => a - b)
  const fill = (more: number, atLeast: number) => paint.diverging(more, levels.indexOf(atLeast), levels.length)
  return mapFigure(ground, paint, options, {
    title: options.title ?? `${answer.variants.join(' against ')}: ${groups.map(groupTitle).join(' less ')}`,
    caption: caption(answer, options.grey),
    legend: [
      ...surface.features.map(({ properties: { more, atLeast } }) => ({
        label: `${groupTitle(groups[more]!)}: ${points(atLeast)} points more, at least`,
        draw: filled(fill(more, atLeast)),
      })),
      { label: 'not told apart', draw: filled(paint.diverging(0, -1, 1)) },
      { label: 'site', draw: dotted(0.9, { fill: paint.ink }) },
    ],
    under: (plane) =>
      areasShape(support.geometry.coordinates, plane, { fill: paint.diverging(0, -1, 1) }) +
      surface.features
        .map(({ geometry, properties: { more, atLeast } }) =>
          areasShape(geometry.coordinates, plane, { fill: fill(more, atLeast) }),
        )
        .join('') +
      areasShape(certain.geometry.coordinates, plane, { fill: 'none', stroke: paint.ink, 'stroke-width': 0.8 }),
    over: (plane) =>
      siteDots(
        answer.points.features.map(({ geometry }) => geometry.coordinates as [number, number]),
        plane.place,
        paint.ink,
      ),
  })
}

/** A site a row: informants of either group, and users of each variant. */
export const differenceRows = ({ variants, groups, points: sites }: DifferenceAnswer): CsvField[][] => [
  ['lat', 'lon', ...groups.flatMap((group) => [`${groupTitle(group)}: informants`, ...variants.map((variant) => `${groupTitle(group)}: ${variant}`)])], // prettier-ignore
  ...sites.features.map(({ geometry, properties: { informants, users } }) => [
    ...geometry.coordinates.toReversed(),
    ...informants.flatMap((count, group) => [count, ...users[group]!]),
  ]),
]
