import type { Position } from 'geojson'
import type { LineAnswer } from '#protocol/explorer.ts'
import { filled, stroked, type FigureOptions, type LegendEntry } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { areasShape, linesPath, mapFigure } from './mapFigure.ts'
import { countText, pText, shareText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { element } from './svg.ts'

const linesOf = ({ line }: LineAnswer) =>
  (line?.features ?? []).map(({ geometry, properties }) => ({
    variants: properties.variants,
    lines: geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates,
  }))

/** What was computed, from how much, with which settings. */
const isoglossCaption = (answer: LineAnswer): string => {
  const { perVariant, informants, sites, test, reason, transitionWidthKm: width } = answer
  return (
    `${answer.line === null ? `No line: ${reason}` : answer.areas ? 'Areas in which a variant has the greatest share, each by a binomial GAM with site effects.' : 'Isogloss by a binomial GAM with site effects.'} ` +
    `${countText(informants)} informants at ${countText(sites)} sites; ${perVariant.map((one) => `${one.variant} ${countText(one.informants)}`).join(', ')}.` +
    (test ? ` Test of geography by ${test.unit}s: ${pText(test.p)}.` : '') +
    (width
      ? ` The middle 80 % of the change take ${width.atMost === null ? 'an unknown distance' : `at most ${Math.round(width.atMost)} km`} (upper 90 % bound), between ${shareText(width.plateaus[0])} and ${shareText(width.plateaus[1])}.`
      : '')
  )
}

/** Where one variant gives way to another: the line with its bands, or of more variants the areas in which one leads. */
export function isoglossFigure(answer: LineAnswer, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const { perVariant, level } = answer
  const lines = linesOf(answer)
  const bands = [
    { band: answer.simultaneousBand, fill: paint.ordered(1, 6), label: `${shareText(level)} band for the whole line` },
    { band: answer.pointwiseBand, fill: paint.ordered(3, 6), label: `${shareText(level)} band at each place` },
  ].filter(({ band }) => band !== null)
  const areas = (answer.areas?.features ?? []).map(({ geometry, properties: { variant } }) => ({
    geometry,
    variant,
    fill: paint.fill(perVariant.findIndex((one) => one.variant === variant)),
  }))
  // A tint, so that what lies on it is seen; hatchings are light already.
  const tint: Record<string, number> = paint.grey ? {} : { 'fill-opacity': 0.4 }
  const style = (k: number) => (lines.length === 1 || areas.length > 0 ? { stroke: paint.ink } : paint.stroke(k))
  const legend: LegendEntry[] = [
    ...(areas.length > 0
      ? areas.map(({ variant, fill }) => ({ label: `${variant} leads`, draw: filled(fill, paint.border, tint) }))
      : lines.map(({ variants }, k) => ({
          label: `between ${variants.join(' and ')}`,
          draw: stroked({ ...style(k), 'stroke-width': 1.6 }),
        }))),
    ...bands.toReversed().map(({ fill, label }) => ({ label, draw: filled(fill) })),
    {
      label: 'fewer than ten informants’ worth of evidence',
      draw: filled(paint.land, paint.border),
    },
    { label: 'known', draw: filled(known, paint.border) },
  ]
  return mapFigure(ground, paint, options, {
    title: options.title ?? perVariant.map(({ variant }) => variant).join(' and '),
    caption: isoglossCaption(answer),
    legend,
    under: (plane) =>
      [
        areasShape(answer.support.geometry.coordinates, plane, { fill: known }),
        ...areas.map(({ geometry, fill }) => areasShape(geometry.coordinates, plane, { fill, ...tint })),
        ...bands.map(({ band, fill }) => areasShape(band!.geometry.coordinates, plane, { fill })),
      ].join(''),
    over: (plane) =>
      lines
        .map(({ lines: pieces }, k) =>
          element('path', { d: linesPath(pieces, plane), fill: 'none', 'stroke-width': 1.6, ...style(k) }),
        )
        .join(''),
  })
}

/** The area that is known is white, other land has a tone. */
export const known = '#ffffff'

/**
 * The places that a figure of lines must show: the parts of the known area through which lines run, all of it where none does.
 * @returns lon,lat degrees, interleaved
 */
export function placesOfLines(answers: LineAnswer[]): Float32Array {
  const places = answers.flatMap((answer) => {
    const vertices = linesOf(answer).flatMap(({ lines }) => lines.flat())
    const parts = answer.support.geometry.coordinates
    const crossed = parts.filter(([outline]) => vertices.some((vertex) => holds(outline!, vertex)))
    return (crossed.length > 0 ? crossed : parts).flat(2)
  })
  return Float32Array.from(places.flatMap(([lon, lat]) => [lon!, lat!]))
}

/** By the rule of even and odd. */
function holds(ring: Position[], [x, y]: Position): boolean {
  let inside = false
  for (let k = 1; k < ring.length; k++) {
    const [[ax, ay], [bx, by]] = [ring[k - 1] as [number, number], ring[k] as [number, number]]
    if (ay > y! !== by > y! && x! < ax + ((y! - ay) / (by - ay)) * (bx - ax)) inside = !inside
  }
  return inside
}
