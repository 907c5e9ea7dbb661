import type { LabelMap, LabelRow } from '#protocol/labelSets.ts'
import { placedTexts, predictionsFigure } from '#pure/figures/predictionsFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { geojsonData, type SavedFigure } from '#pure/figures/savedFigure.ts'
import { textFigure } from '../../prediction/textFigure.ts'
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
  return [textFigure({ prediction, run, labels, find, territories: territories.ofLabel.value, truth: null }, under)]
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
