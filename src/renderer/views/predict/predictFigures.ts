import type { LabelMap, LabelRow } from '#protocol/labelSets.ts'
import { placedTexts, predictionsFigure } from '#pure/figures/predictionsFigure.ts'
import { predictionFigure } from '#pure/figures/predictionFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, geojsonData, type SavedFigure } from '../../parts/savedFigure.ts'
import type { PredictState } from './predictState.svelte.ts'

interface Asked {
  /** As the run is called. */
  run: string
  labels: LabelMap | null
  find: (key: string) => LabelRow | undefined
  /** Places that the map is laid under, lon,lat degrees interleaved. */
  under: Float32Array
}

/** What is on the screen: where the text is from, or where the texts of the file are from. */
export function predictFigures(viewState: PredictState, asked: Asked): SavedFigure[] {
  return viewState.mode === 'text' ? ofText(viewState, asked) : ofFile(viewState, asked)
}

function ofText({ answered, territories }: PredictState, { run, labels, find, under }: Asked): SavedFigure[] {
  if (!answered) return []
  const { prediction } = answered
  const regions = prediction.regions ?? []
  const shapes = territories.ofLabel.value
  const table = csvData(() => [
    ['label', 'city', 'lat', 'lon', 'probability'],
    ...prediction.probabilities.map(([key, probability]) => {
      const row = find(key)
      return [key, row?.city, row?.lat, row?.lon, probability]
    }),
    ...(prediction.probabilities.length === 0 ? [[null, null, prediction.lat, prediction.lon, null]] : []),
  ])
  const areas = geojsonData(() =>
    regions.map(({ level, areaKm2, labels: inside }) => ({
      type: 'Feature',
      properties: { level, areaKm2, labels: inside },
      geometry: { type: 'MultiPolygon', coordinates: inside.flatMap((label) => shapes?.get(label) ?? []) },
    })),
  )
  return [
    {
      title: 'Prediction',
      draw: async (options) =>
        predictionFigure(
          { prediction, run, labels, find, territories: shapes },
          await groundOf(under, options),
          options,
        ),
      data: [table, ...(regions.length > 0 && shapes ? [areas] : [])],
    },
  ]
}

function ofFile({ batch }: PredictState, { run, under }: Asked): SavedFigure[] {
  const placed = batch?.guesses.flatMap((guess) => guess ?? []) ?? []
  if (!batch || placed.length === 0) return []
  return [
    {
      title: 'Places of texts',
      draw: async (options) =>
        predictionsFigure(placedTexts(placed), await groundOf(under, options), {
          title: `Where ${run} places the texts`,
          ...options,
        }),
      data: [
        { kind: 'csv', content: () => batch.csv() },
        geojsonData(() =>
          batch.guesses.flatMap((guess, i) =>
            guess
              ? {
                  type: 'Feature',
                  properties: { row: i + 1, label: guess.label, name: guess.name, probability: guess.probability },
                  geometry: { type: 'Point', coordinates: [guess.lon, guess.lat] },
                }
              : [],
          ),
        ),
      ],
    },
  ]
}
