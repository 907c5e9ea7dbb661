import type { RunErrors } from '#protocol/results.ts'

/** A run as charts and choices call it; with its seed where another run has the same condition. */
export function runName({ run: { labels, model, seed } }: RunErrors, withSeed: boolean): string {
  return withSeed ? `${labels} / ${model}, seed ${seed}` : `${labels} / ${model}`
}
