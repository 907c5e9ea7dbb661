import type { RunErrors } from '#protocol/runs.ts'
import { errorTailFigure } from '#pure/figures/runFigures.ts'
import { csvData, type SavedFigure } from '#pure/figures/savedFigure.ts'
import { runName } from '../../text/runName.ts'

/** The tails of the runs that are shown, and every error in them. */
export const errorTailFigures = (runs: RunErrors[]): SavedFigure[] =>
  runs.length === 0
    ? []
    : [
        {
          title: 'Error tail',
          draw: (options) => errorTailFigure(runs, runs[0]!.run.experiment, options),
          data: [
            csvData(() => [
              ['run', 'row', 'error_km'],
              ...runs.flatMap((errors) =>
                Array.from(errors.errorKm, (km, i) => [runName(errors, true), errors.rows[i], km]),
              ),
            ]),
          ],
        },
      ]
