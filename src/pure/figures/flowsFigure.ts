import type { LabelMap } from '#protocol/labelSets.ts'
import type { RunErrors } from '#protocol/runs.ts'
import { errorFlows, flowsByWidth, type ErrorFlow } from '../charts/errorFlows.ts'
import { geodesics } from '../maps/geodesics.ts'
import { stroked, type FigureOptions } from './frame.ts'
import { borderLines } from './labelsFigure.ts'
import type { Ground } from './landOfFigure.ts'
import { chained, linesPath, mapFigure } from './mapFigure.ts'
import { countText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { placedNames } from './placedNames.ts'
import { runTitle } from './runFigures.ts'
import { element } from './svg.ts'

/** Beyond it the thinnest ones cover the map. */
const mostFlows = 300
const widths = [0.4, 1.1, 2.4]

/** Which territory's documents a run puts into which other one: a line from centre to centre, the broader the more. */
export function flowsFigure(errors: RunErrors, labels: LabelMap, ground: Ground, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const all = errorFlows(errors)
  const flows = all.slice(0, mostFlows)
  const count = (some: ErrorFlow[]) => some.reduce((sum, { members }) => sum + members.length, 0)
  const centres = new Map(labels.labels.map((row) => [row.index, row]))
  const segments = (some: ErrorFlow[]) => {
    const ends = (end: 'from' | 'to') =>
      Float32Array.from(
        some.flatMap((flow) => {
          const row = centres.get(flow[end])
          return row ? [row.lon, row.lat] : [NaN, NaN]
        }),
      )
    return geodesics(ground.projection.geo, ends('from'), ends('to'), [...some.keys()]).segments
  }
  const line = (step: number) => ({
    ...paint.stroke(errors.run.labelsMethod === 'point2city' ? 1 : 0),
    'stroke-dasharray': undefined,
    'stroke-width': widths[step]!,
    'stroke-opacity': [0.35, 0.6, 0.8][step]!,
  })
  const steps = flowsByWidth(flows)
  const named = [...new Set(flows.flatMap(({ from, to }) => [from, to]))].flatMap((index) => centres.get(index) ?? [])
  return mapFigure(ground, paint, options, {
    title: options.title ?? `${runTitle(errors.run)}: whose documents are put where`,
    caption:
      `${countText(count(all))} of ${countText(errors.documents)} test documents are put into another territory than their own, in ${countText(all.length)} flows` +
      `${all.length > flows.length ? `, of which the ${mostFlows} greatest are drawn` : ''}. A line goes from the centre of the territory that they are from to that of the label that they get.`,
    legend: steps.flatMap((some, step) => {
      const [most, fewest] = [some[0]?.members.length, some.at(-1)?.members.length]
      if (most === undefined || fewest === undefined) return []
      const label = most === fewest ? countText(most) : `${countText(fewest)} to ${countText(most)}`
      return [{ label: `${label} documents`, draw: stroked(line(step)) }]
    }),
    under: () => '',
    over: (plane) =>
      [
        element('path', {
          d: linesPath(borderLines(labels), plane),
          fill: 'none',
          stroke: paint.soft,
          'stroke-width': 0.3,
        }),
        ...steps.map((some, step) =>
          element('path', {
            d: chained(segments(some), plane),
            fill: 'none',
            'stroke-linecap': 'round',
            ...line(step),
          }),
        ),
        placedNames(
          named.map(({ lon, lat, city }) => ({ lon, lat, name: city })),
          plane,
          paint,
        ),
      ].join(''),
  })
}
