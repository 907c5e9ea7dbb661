import type { RunErrors } from '#protocol/runs.ts'
import { geodesics } from '../maps/geodesics.ts'
import { dotted, stroked, type FigureOptions } from './frame.ts'
import type { Ground } from './landOfFigure.ts'
import { chained, mapFigure } from './mapFigure.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { runTitle } from './runFigures.ts'
import { siteDots } from './siteDots.ts'
import { element } from './svg.ts'

/**
 * Errors of single documents: a great circle from the true place to the guessed one.
 * @param drawn places in the run's arrays, in drawing order
 * @param which documents those are, in words
 */
export function errorLinesFigure(
  errors: RunErrors,
  drawn: Uint32Array,
  which: string,
  ground: Ground,
  options: FigureOptions,
): string {
  const paint = paintOf(options.grey)
  const { segments } = geodesics(ground.projection.geo, errors.trueLonLat, errors.guessLonLat, drawn)
  const line = {
    ...paint.stroke(errors.run.labelsMethod === 'point2city' ? 1 : 0),
    'stroke-dasharray': undefined,
    'stroke-width': 0.5,
    // Thousands of lines add up to tones.
    'stroke-opacity': Math.min(0.85, Math.max(0.06, 6 / Math.sqrt(Math.max(1, drawn.length)))),
  }
  const truths = Array.from(drawn, (i): [number, number] => [errors.trueLonLat[2 * i]!, errors.trueLonLat[2 * i + 1]!])
  return mapFigure(ground, paint, options, {
    title: options.title ?? `${runTitle(errors.run)}: from the true place to the guessed one`,
    caption: `Great circles of ${countText(drawn.length)} of ${countText(errors.documents)} test documents: ${which}.`,
    legend: [
      { label: 'error', draw: stroked({ ...line, 'stroke-opacity': 1 }) },
      { label: 'true place', draw: dotted(1, { fill: paint.ink }) },
    ],
    under: () => '',
    over: (plane) =>
      element('path', { d: chained(segments, plane), fill: 'none', ...line }) +
      siteDots(truths, plane.place, paint.ink),
  })
}
