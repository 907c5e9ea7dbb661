import type { LabelMap } from '#protocol/labelSets.ts'
import type { RunErrors } from '#protocol/runs.ts'
import { errorFlows } from '#pure/charts/errorFlows.ts'
import { errorLinesFigure } from '#pure/figures/errorLinesFigure.ts'
import { errorMapFigure } from '#pure/figures/errorMapFigure.ts'
import { flowsFigure } from '#pure/figures/flowsFigure.ts'
import type { FigureOptions } from '#pure/figures/frame.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, geojsonData, type FigureData, type SavedFigure } from '#pure/figures/savedFigure.ts'

/** What of a run's errors is on the screen: flows, or lines of the documents that are drawn; and the map of hexagons. */
export function errorMapFigures(
  errors: RunErrors,
  labels: LabelMap,
  drawn: { rows: Uint32Array; which: string } | null,
): SavedFigure[] {
  const ground = (options: FigureOptions) => groundOf(errors.trueLonLat, options)
  const all = Uint32Array.from(errors.errorKm.keys())
  const hexagons: SavedFigure = {
    title: 'Median errors',
    draw: async (options) => errorMapFigure(errors, await ground(options), options),
    data: documentData(errors, all),
  }
  if (drawn)
    return [
      {
        title: 'Errors of documents',
        draw: async (options) => errorLinesFigure(errors, drawn.rows, drawn.which, await ground(options), options),
        data: documentData(errors, drawn.rows),
      },
      hexagons,
    ]
  const flows: SavedFigure = {
    title: 'Flows between territories',
    draw: async (options) => flowsFigure(errors, labels, await ground(options), options),
    data: [flowsData(errors, labels)],
  }
  return [flows, hexagons]
}

function flowsData(errors: RunErrors, { labels }: LabelMap): FigureData {
  const names = new Map(labels.map(({ index, city }) => [index, city]))
  return csvData(() => [
    ['from', 'from_city', 'put_in', 'put_in_city', 'documents', 'median_error_km'],
    ...errorFlows(errors).map(({ from, to, members, medianKm }) => [
      from,
      names.get(from),
      to,
      names.get(to),
      members.length,
      medianKm,
    ]),
  ])
}

function documentData({ rows, errorKm, trueLonLat, guessLonLat }: RunErrors, drawn: Uint32Array): FigureData[] {
  const ends = (i: number) => [
    [trueLonLat[2 * i]!, trueLonLat[2 * i + 1]!],
    [guessLonLat[2 * i]!, guessLonLat[2 * i + 1]!],
  ]
  const table = csvData(() => [
    ['row', 'lat', 'lon', 'guessed_lat', 'guessed_lon', 'error_km'],
    ...Array.from(drawn, (i) => [rows[i], ...ends(i).flatMap((end) => end.toReversed()), errorKm[i]]),
  ])
  const lines = geojsonData(() =>
    Array.from(drawn, (i) => ({
      type: 'Feature',
      properties: { row: rows[i], errorKm: errorKm[i] },
      geometry: { type: 'LineString', coordinates: ends(i) },
    })),
  )
  return [table, lines]
}
