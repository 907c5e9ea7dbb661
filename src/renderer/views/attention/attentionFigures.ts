import type { LabelMap } from '#protocol/labelSets.ts'
import type { RunAttention, RunErrors } from '#protocol/runs.ts'
import { attentionFigure } from '#pure/figures/attentionFigure.ts'
import { labelWordsFigure } from '#pure/figures/labelWordsFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, geojsonData, type SavedFigure } from '#pure/figures/savedFigure.ts'
import { wordsBy, type WordMeasure } from './labelWords.ts'

/** The rows of the heat map that are in view, and the words of the labels where they point. */
export function attentionFigures(
  attention: RunAttention,
  errors: RunErrors,
  labels: LabelMap,
  shown: { documents: Int32Array; order: string; measure: WordMeasure },
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
    [
      'label',
      'city',
      'lat',
      'lon',
      'label_documents',
      'word',
      shown.measure === 'effect' ? 'mean_effect' : 'mean_weight',
      'word_documents',
    ],
    ...attention.labels.flatMap((label) =>
      wordsBy(shown.measure, label).map(({ word, value, documents: count }) => [
        label.name,
        label.city,
        label.lat,
        label.lon,
        label.documents,
        word,
        value,
        count,
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
        labelWordsFigure(attention.labels, shown.measure, run, labels, await groundOf(labels.points, options), options),
      data: [
        words,
        geojsonData(() =>
          attention.labels.map((label) => ({
            type: 'Feature',
            properties: {
              label: label.name,
              city: label.city,
              documents: label.documents,
              words: wordsBy(shown.measure, label).map(({ word }) => word),
            },
            geometry: { type: 'Point', coordinates: [label.lon, label.lat] },
          })),
        ),
      ],
    },
  ]
}
