import { granularityFigure } from '#pure/figures/granularityFigure.ts'
import { csvData, type SavedFigure } from '#pure/figures/savedFigure.ts'
import { settingOf, sweepMeasures, type SweepLine } from './sweepSeries.ts'

/** The sweep as a chart for print, and its table. */
export const granularityFigures = (lines: SweepLine[]): SavedFigure[] => [
  {
    title: 'Granularity',
    draw: (options) => granularityFigure(lines, sweepMeasures, options),
    data: [
      csvData(() => [
        [
          'method',
          'bucket_or_km',
          'labels',
          'mean_to_centre_km',
          'centre_to_city_km',
          'oracle_mean_km',
          'oracle_acc161',
        ],
        ...lines.flatMap(({ rows }) =>
          rows.map((row) => [
            row.method,
            settingOf(row),
            row.labelCount,
            row.meanToCentreKm,
            row.centreToCityKm,
            sweepMeasures[1]!.value(row),
            sweepMeasures[2]!.value(row),
          ]),
        ),
      ]),
    ],
  },
]
