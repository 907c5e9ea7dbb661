import type { RunErrors } from '#protocol/runs.ts'
import { variantSuffix } from '#pure/conditionKey.ts'

/** A run as charts and choices call it; with its seed, where it has one, where another run has the same condition. */
export function runName(
  { run: { labels, model, preprocess, seed } }: Pick<RunErrors, 'run'>,
  withSeed: boolean,
): string {
  const name = `${labels === null ? '' : `${labels} / `}${model}${variantSuffix(preprocess)}`
  return withSeed && seed !== null ? `${name}, seed ${seed}` : name
}
