import { predictionFigure, type PredictedText } from '#pure/figures/predictionFigure.ts'
import { csvData, geojsonData, type SavedFigure } from '#pure/figures/savedFigure.ts'
import { groundOf } from '../maps/groundOf.ts'

/**
 * Where a text is from, for print: its labels as a table, the regions that hold its place as shapes.
 * @param under places that the map is laid under, lon,lat degrees interleaved
 */
export function textFigure(predicted: PredictedText, under: Float32Array): SavedFigure {
  const { prediction, find, territories } = predicted
  const regions = prediction.regions ?? []
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
      geometry: { type: 'MultiPolygon', coordinates: inside.flatMap((label) => territories?.get(label) ?? []) },
    })),
  )
  return {
    title: 'Prediction',
    draw: async (options) => predictionFigure(predicted, await groundOf(under, options), options),
    data: [table, ...(regions.length > 0 && territories ? [areas] : [])],
  }
}
