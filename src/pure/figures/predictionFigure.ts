import type { Position } from 'geojson'
import type { LabelMap, LabelRow } from '#protocol/labelSets.ts'
import type { Prediction } from '#protocol/runs.ts'
import { haversineKm } from '../greatCircle.ts'
import { dotted, filled, type FigureOptions, type LegendEntry } from './frame.ts'
import { borderLines } from './labelsFigure.ts'
import type { Ground } from './landOfFigure.ts'
import { areasPath, linesPath, mapFigure } from './mapFigure.ts'
import { countText, shareText } from './numbers.ts'
import { paintOf } from './paint.ts'
import { placedNames } from './placedNames.ts'
import { element } from './svg.ts'

export interface PredictedText {
  prediction: Prediction
  /** As a run is called. */
  run: string
  /** null: the model knows none. */
  labels: LabelMap | null
  find(key: string): LabelRow | undefined
  /** Territories by label, lon,lat degrees; null where they are not there. */
  territories: ReadonlyMap<string, Position[][][]> | null
  /** Where it really is from, where that is known. */
  truth: { lat: number; lon: number } | null
}

/** Rings of less probable labels are too small to be seen. */
const mostRings = 12

/** Where a run puts a text: its guess, the next labels as rings by probability, and the regions that hold its place. */
export function predictionFigure(
  { prediction, run, labels, find, territories, truth }: PredictedText,
  ground: Ground,
  options: FigureOptions,
): string {
  const paint = paintOf(options.grey)
  const { stroke } = paint.stroke(labels?.summary.method === 'point2city' ? 1 : 0)
  const guessName = prediction.name === null ? '' : (find(prediction.name)?.city ?? prediction.name)
  const regions = territories ? (prediction.regions ?? []).toSorted((a, b) => b.level - a.level) : []
  const fillOf = (k: number) => paint.tone(regions.length - 1 - k, Math.max(3, regions.length + 1))
  const rings = prediction.probabilities.slice(0, mostRings).flatMap(([key, probability]) => {
    const row = find(key)
    return row && key !== prediction.name ? [{ ...row, probability }] : []
  })
  const legend: LegendEntry[] = [
    { label: 'guess', draw: dotted(2.2, { fill: stroke }) },
    ...(rings.length > 0
      ? [
          {
            label: 'other label, area by probability',
            draw: dotted(2.4, { fill: 'none', stroke, 'stroke-width': 0.9 }),
          },
        ]
      : []),
    ...(truth ? [{ label: 'true place', draw: dotted(2.2, { fill: paint.ink }) }] : []),
    ...regions.map(({ level }, k) => ({ label: `region of ${shareText(level)}`, draw: filled(fillOf(k)) })),
  ]
  const probability = prediction.probability === null ? '' : `, probability ${prediction.probability.toFixed(2)}`
  const off = truth
    ? ` Its true place is ${truth.lat.toFixed(2)}, ${truth.lon.toFixed(2)}, ${countText(Math.round(haversineKm(truth.lat, truth.lon, prediction.lat, prediction.lon)))} km away.`
    : ''
  return mapFigure(ground, paint, options, {
    title: options.title ?? 'Where a text is from',
    caption:
      `By ${run}: ${guessName === '' ? '' : `${guessName}, `}${prediction.lat.toFixed(2)}, ${prediction.lon.toFixed(2)}${probability}.${off}` +
      regions
        .map(
          ({ level, labels: inside, areaKm2 }) =>
            ` The region of ${shareText(level)} has ${countText(inside.length)} labels and ${countText(areaKm2)} km².`,
        )
        .join(''),
    legend,
    under: (plane) =>
      regions
        .map(({ labels: inside }, k) =>
          element('path', {
            d: areasPath(
              inside.flatMap((label) => territories?.get(label) ?? []),
              plane,
            ),
            fill: fillOf(k),
            'fill-rule': 'evenodd',
          }),
        )
        .join(''),
    over: (plane) => {
      const at = plane.place(prediction.lon, prediction.lat)
      const home = truth && plane.place(truth.lon, truth.lat)
      return [
        labels
          ? element('path', {
              d: linesPath(borderLines(labels), plane),
              fill: 'none',
              stroke: paint.soft,
              'stroke-width': 0.4,
            })
          : '',
        ...rings.map((ring) => {
          const [cx, cy] = plane.place(ring.lon, ring.lat)
          const r = 1 + 9 * Math.sqrt(ring.probability)
          return element('circle', { cx, cy, r, fill: 'none', stroke, 'stroke-width': 0.9 })
        }),
        placedNames(
          [
            { lon: prediction.lon, lat: prediction.lat, name: guessName },
            ...rings.map(({ lon, lat, city }) => ({ lon, lat, name: city })),
          ],
          plane,
          paint,
        ),
        home
          ? element('path', { d: `M${home.join(' ')}L${at.join(' ')}`, stroke: paint.ink, 'stroke-width': 0.7 })
          : '',
        home ? element('circle', { cx: home[0], cy: home[1], r: 2.6, fill: paint.ink }) : '',
        element('circle', { cx: at[0], cy: at[1], r: 2.6, fill: stroke }),
      ].join('')
    },
  })
}
