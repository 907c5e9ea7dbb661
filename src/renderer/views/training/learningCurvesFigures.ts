import type { EpochMetrics } from '#protocol/runs.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { learningCurvesFigure } from '#pure/figures/runFigures.ts'
import { csvData, type SavedFigure } from '#pure/figures/savedFigure.ts'

type Curve = Parameters<typeof learningCurvesFigure>[0][number]['run'] & { epochs: EpochMetrics[] }

const measured = [
  'epoch',
  'step',
  'trainLoss',
  'coordinateLoss',
  'devLoss',
  'devAccuracy',
  'devMeanErrorKm',
  'devMedianErrorKm',
] as const satisfies (keyof EpochMetrics)[]

/** How runs learnt, those at work with what they have learnt so far. */
export function learningCurvesFigures(curves: Curve[], experiment: string): SavedFigure[] {
  const learnt = curves.filter(({ epochs }) => epochs.length > 0).map(({ epochs, ...run }) => ({ run, epochs }))
  if (learnt.length === 0) return []
  const table = csvData(() => [
    ['run', 'seed', ...measured],
    ...learnt.flatMap(({ run, epochs }) =>
      epochs.map((epoch) => [conditionKey(run), run.seed, ...measured.map((name) => epoch[name])]),
    ),
  ])
  return [
    {
      title: 'Learning curves',
      draw: (options) => learningCurvesFigure(learnt, experiment, options),
      data: [table],
    },
  ]
}
