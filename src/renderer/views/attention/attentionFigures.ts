import type { LabelMap } from '#protocol/labelSets.ts'
import type { RunAttention, RunErrors } from '#protocol/runs.ts'
import { attentionFigure } from '#pure/figures/attentionFigure.ts'
import { labelWordsFigure } from '#pure/figures/labelWordsFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, geojsonData, type SavedFigure } from '../../parts/savedFigure.ts'

/** The rows of the heat map that are in view, and the words of the labels where they point. */
export function attentionFigures(
  attention: RunAttention,
  errors: RunErrors,
  labels: LabelMap,
  shown: { documents: Int32Array; order: string },
): SavedFigure[] {
  const { run } = errors
  const documents = csvData(() => [
    ['row', 'lat', 'lon', 'error_km', 'most_attention_at', 'weights'],
    ...Array.from(shown.documents, (i) => [
      attention.rows[i],
      errors.trueLonLat[2 * i + 1],
      errors.trueLonLat[2 * i],
      errors.errorKm[i],
      attention.peaks[i],
      Array.from(attention.weights.subarray(attention.offsets[i], attention.offsets[i + 1]), (weight) =>
        weight.toPrecision(4),
      ).join(' '),
    ]),
  ])
  const words = csvData(() => [
    ['label', 'city', 'lat', 'lon', 'label_documents', 'word', 'mean_weight', 'word_documents'],
    ...attention.labels.flatMap((label) =>
      label.words.map((word) => [
        label.name,
        label.city,
        label.lat,
        label.lon,
        label.documents,
        word.word,
        word.weight,
        word.documents,
      ]),
    ),
  ])
  return [
    {
      title: 'Attention in documents',
      draw: (options) => attentionFigure(attention, run, shown, options),
      data: [documents],
    },
    {
      title: 'Words on the map',
      draw: async (options) =>
        labelWordsFigure(attention.labels, run, labels, await groundOf(labels.points, options), options),
      data: [
        words,
        geojsonData(() =>
          attention.labels.map(({ name, city, documents: count, words: most, lon, lat }) => ({
            type: 'Feature',
            properties: { label: name, city, documents: count, words: most.map(({ word }) => word) },
            geometry: { type: 'Point', coordinates: [lon, lat] },
          })),
        ),
      ],
    },
  ]
}
