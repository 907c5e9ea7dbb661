import type { RunErrors } from '#protocol/runs.ts'
import type { FigureOptions } from './frame.ts'
import { hexagonsFigure } from './hexagonsFigure.ts'
import type { Ground } from './landOfFigure.ts'
import { rangeText } from './numbers.ts'
import { runTitle } from './runFigures.ts'

/** Classes of median errors, km. */
const steps = [0, 25, 50, 100, 161, 300, 1000]

/** Where a run errs: the median error of the test documents that are from each hexagon. */
export const errorMapFigure = (errors: RunErrors, ground: Ground, options: FigureOptions): string =>
  hexagonsFigure(
    {
      lonLat: errors.trueLonLat,
      values: errors.errorKm,
      steps,
      classText: (step, next) =>
        step === 0 ? `under ${next} km` : rangeText(`${step}`, next === undefined ? null : `${next} km`),
      title: `${runTitle(errors.run)}: where it errs`,
      told: 'Median error of the test documents',
      things: 'documents',
    },
    ground,
    options,
  )
