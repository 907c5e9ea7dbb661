import type { RunErrors } from '#protocol/runs.ts'
import { tailNumbers, sortedErrors, type TailNumbers } from '#pure/charts/errorDistribution.ts'
import { roleVariable, type ColourRole } from '../colours/palette.ts'
import { isDashed, schemeRole } from '../colours/scheme.ts'
import { runName } from '../text/runName.ts'

/** One run as the error tail draws it. */
export interface TailSeries {
  id: string
  name: string
  /** CSS colour. */
  colour: string
  /** SVG dash array, or none. */
  dash: string | null
  sorted: Float32Array
  numbers: TailNumbers | null
}

/**
 * Two runs that are worth comparing first: the first one, and the first that differs from it in labels or model.
 * @returns indices into `runs`
 */
export function firstPair(runs: RunErrors[]): [number, number] {
  const [first] = runs
  const labels = runs.findIndex(({ run }) => run.labels !== first?.run.labels && run.model === first?.run.model)
  const model = runs.findIndex(({ run }) => run.labels !== first?.run.labels || run.model !== first?.run.model)
  const second = labels > 0 ? labels : model > 0 ? model : Math.min(1, runs.length - 1)
  return [0, second]
}

/** Looks of runs that would otherwise look like one before them, in turn. */
const others: readonly [ColourRole, string][] = [
  ['ink', '2 2'],
  ['inkSoft', '9 3 2 3'],
  ['cities', '1 3'],
  ['kmeans', '5 2'],
]

/** Colour by the scheme's method, dash by the model's tasks; a run that would look like one before it has a look of its own. */
export function tailSeries(runs: RunErrors[]): TailSeries[] {
  const series: TailSeries[] = []
  const sameCondition = runs.some((a, i) => runs.some((b, k) => k < i && runName(a, false) === runName(b, false)))
  for (const errors of runs) {
    const { run } = errors
    let colour = roleVariable(schemeRole(run.labelsMethod))
    let dash = isDashed(run.tasks) ? '6 3' : null
    const isTaken = (role: string, stroke: string | null) =>
      series.some((other) => other.colour === role && other.dash === stroke)
    if (isTaken(colour, dash)) {
      const [role, stroke] = others.find((one) => !isTaken(roleVariable(one[0]), one[1])) ?? others[0]!
      colour = roleVariable(role)
      dash = stroke
    }
    const sorted = sortedErrors(errors.errorKm)
    series.push({
      id: run.id,
      name: runName(errors, sameCondition),
      colour,
      dash,
      sorted,
      numbers: tailNumbers(sorted),
    })
  }
  return series
}
