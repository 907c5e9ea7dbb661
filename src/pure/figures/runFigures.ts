import type { EpochMetrics, RunErrors, RunSummary } from '#protocol/runs.ts'
import { cumulativeCurve, sortedErrors, tailNumbers } from '../charts/errorDistribution.ts'
import { conditionKey } from '../conditionKey.ts'
import { decadeTicks, errorScale, markedKm } from '../charts/errorScale.ts'
import { chartFigure, niceRange, type ChartLine } from './chartFigure.ts'
import type { FigureOptions } from './frame.ts'
import { countText, shareText } from './numbers.ts'
import { paintOf, type Paint } from './paint.ts'

/** What a run is called by. */
type NamedRun = Pick<RunSummary, 'labels' | 'model' | 'preprocess' | 'seed'>

export interface RunCurves {
  run: NamedRun
  epochs: EpochMetrics[]
}

/** `kd/mtl, seed 2`. */
export const runTitle = (run: NamedRun) => `${conditionKey(run)}${run.seed === null ? '' : `, seed ${run.seed}`}`

/** Four digits: ticks of a narrow range stay apart. */
const shortNumber = (value: number) => String(Number(value.toPrecision(4)))

const styleOf = (paint: Paint, k: number) => paint.stroke(k)

/** How runs learnt: both losses on one scale, since the gap between them is what one looks for, and the error on development. */
export function learningCurvesFigure(curves: RunCurves[], experiment: string, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const line = (value: (epoch: EpochMetrics) => number): ChartLine[] =>
    curves.map(({ run, epochs }, k) => {
      const best = epochs.findLast((epoch) => epoch.best)
      return {
        name: runTitle(run),
        points: epochs.map((epoch): [number, number] => [epoch.epoch, value(epoch)]),
        style: styleOf(paint, k),
        marks: best ? [[best.epoch, value(best)]] : [],
      }
    })
  const lastEpoch = Math.max(2, ...curves.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch)))
  const x = {
    title: 'Epoch',
    range: [1, lastEpoch] as [number, number],
    ticks: Array.from({ length: lastEpoch }, (_, i) => i + 1).filter(
      (epoch) => lastEpoch < 9 || epoch % Math.ceil(lastEpoch / 6) === 0,
    ),
    format: String,
  }
  const [training, development, median] = [
    line((epoch) => epoch.trainLoss),
    line((epoch) => epoch.devLoss),
    line((epoch) => epoch.devMedianErrorKm),
  ]
  const values = (lines: ChartLine[]) => lines.flatMap(({ points }) => points.map(([, y]) => y))
  const loss = {
    title: 'Loss',
    range: niceRange(values([...training, ...development]), false),
    format: shortNumber,
  }
  return chartFigure(paint, options, {
    title: options.title ?? `${experiment}: learning curves`,
    caption: `${curves.length} runs. A dot marks the epoch that is kept: the one with the lowest mean error on the development fold.`,
    panels: [
      { title: 'Training', lines: training, x, y: loss },
      { title: 'Development', lines: development, x, y: loss },
      {
        title: 'Development',
        lines: median,
        x,
        y: { title: 'Median error, km', range: niceRange(values(median), false), format: shortNumber },
      },
    ],
    legendOf: training,
  })
}

/** How large the errors of runs are: the share of test documents that are placed within each distance. */
export function errorTailFigure(errors: RunErrors[], experiment: string, options: FigureOptions): string {
  const paint = paintOf(options.grey)
  const sorted = errors.map(({ errorKm }) => sortedErrors(errorKm))
  const scale = errorScale(1, Math.max(...sorted.map((one) => one.at(-1) ?? 1)))
  const lines = errors.map(({ run }, k): ChartLine => ({
    name: runTitle(run),
    points: cumulativeCurve(sorted[k]!, scale, 400),
    style: styleOf(paint, k),
  }))
  const marked = markedKm.filter((km) => km <= scale.highKm)
  return chartFigure(paint, options, {
    title: options.title ?? `${experiment}: errors on the test fold`,
    caption: errors
      .map(({ run, documents }, k) => {
        const numbers = tailNumbers(sorted[k]!)!
        return `${runTitle(run)}: ${countText(documents)} documents, median ${countText(numbers.medianKm)} km, mean ${countText(numbers.meanKm)} km, under 161 km ${shareText(numbers.under161)}.`
      })
      .join(' '),
    panels: [
      {
        title: null,
        lines,
        x: {
          title: `Error, km (great circle; logarithmic)`,
          range: [scale.lowKm, scale.highKm],
          log: true,
          ticks: [...new Set([...decadeTicks(scale), ...marked])].sort((a, b) => a - b).filter((km) => km !== 100),
          format: countText,
        },
        y: {
          title: 'Share of documents within',
          range: [0, 1],
          ticks: [0, 0.25, 0.5, 0.75, 1],
          format: (v) => `${100 * v} %`,
        },
      },
    ],
    legendOf: lines,
  })
}
