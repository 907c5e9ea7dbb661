import type { AreaDifferences, Comparison } from '#protocol/comparison.ts'
import { comparisonCsv } from '#pure/comparison/comparisonCsv.ts'
import { comparisonLatex } from '#pure/comparison/comparisonLatex.ts'
import { comparisonFigure } from '#pure/figures/comparisonFigure.ts'
import { whereBetterFigure } from '#pure/figures/whereBetterFigure.ts'
import { groundOf } from '../../maps/groundOf.ts'
import { csvData, geojsonData, type SavedFigure } from '#pure/figures/savedFigure.ts'

/** The comparison of conditions as a chart for print, and where one of two is better as far as that was asked for. */
export const comparisonFigures = (comparison: Comparison, areas: AreaDifferences | null): SavedFigure[] => [
  {
    title: 'Comparison',
    draw: (options) => comparisonFigure(comparison, options),
    data: [
      { kind: 'csv', content: () => comparisonCsv(comparison) },
      { kind: 'tex', content: () => `${comparisonLatex(comparison)}\n` },
    ],
  },
  ...(areas?.pairs ?? []).map((pair) => whereBetter(areas!, pair)),
]

function whereBetter(found: AreaDifferences, pair: AreaDifferences['pairs'][number]): SavedFigure {
  const corners = Float32Array.from(found.areas.flatMap(({ rings }) => rings.flat(2)))
  const columns = ['difference_km', 'low_km', 'high_km', `mean_error_km ${pair.a}`, `mean_error_km ${pair.b}`]
  const rows = found.areas.map((area, k) => {
    const { differenceKm, interval, meanErrorKm } = pair.differences[k]!
    return { area, values: [differenceKm, ...interval, meanErrorKm.a, meanErrorKm.b] }
  })
  return {
    title: `Where: ${pair.b} less ${pair.a}`,
    draw: async (options) => whereBetterFigure(found, pair, await groundOf(corners, options), options),
    data: [
      csvData(() => [
        ['near', 'lat', 'lon', 'documents', ...columns],
        ...rows.map(({ area: { name, lat, lon, documents }, values }) => [name, lat, lon, documents, ...values]),
      ]),
      geojsonData(() =>
        rows.map(({ area: { name, documents, rings }, values }) => ({
          type: 'Feature',
          properties: {
            near: name,
            documents,
            ...Object.fromEntries(columns.map((column, i) => [column, values[i]])),
          },
          geometry: { type: 'Polygon', coordinates: rings },
        })),
      ),
    ],
  }
}
