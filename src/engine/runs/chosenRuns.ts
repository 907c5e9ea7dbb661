import { EngineError } from '#protocol/errors.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import type { MatrixRun } from '#pure/runMatrix.ts'

/** What a run is called on the command line: `kd/mtl/2`, or `kd/nb` where the method has no seeds. */
export const runKey = (run: MatrixRun): string =>
  run.seed === null ? conditionKey(run) : `${conditionKey(run)}/${run.seed}`

/**
 * The runs that `only` names, by condition (all of its seeds) or by condition and seed; all where it is left out.
 * @throws EngineError 'experiment/no-such-run'
 */
export function chosenRuns<Run extends MatrixRun>(runs: Run[], only?: string[]): Run[] {
  if (only === undefined) return runs
  for (const name of only) {
    if (runs.some((run) => isCalled(run, name))) continue
    const known = [...new Set(runs.map(conditionKey))]
    throw new EngineError(
      'experiment/no-such-run',
      `The experiment has no run "${name}". Its conditions are ${known.join(', ')}; name one, or one and a seed such as ${runKey(runs[0]!)}.`,
      { known },
    )
  }
  return runs.filter((run) => only.some((name) => isCalled(run, name)))
}

/** A name without a variant of the texts means every one. */
const isCalled = (run: MatrixRun, name: string) =>
  [run, { ...run, preprocess: undefined }].some((one) => name === conditionKey(one) || name === runKey(one))
