/**
 * Runs the sides in turn, each round in the opposite order of the one before, so that a slow minute of the machine meets
 * all of them alike.
 * @returns every side's results, round by round
 */
export async function interleave<Sides extends Record<string, () => Promise<unknown>>>(
  rounds: number,
  sides: Sides,
): Promise<{ [Name in keyof Sides]: Awaited<ReturnType<Sides[Name]>>[] }> {
  const names = Object.keys(sides)
  const results = Object.fromEntries(names.map((name) => [name, [] as unknown[]]))
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) results[name]!.push(await sides[name]!())
  }
  return results as { [Name in keyof Sides]: Awaited<ReturnType<Sides[Name]>>[] }
}

/** The least of a figure over rounds: noise only ever adds to a time. */
export const best = <Result>(results: Result[], figure: (result: Result) => number) => Math.min(...results.map(figure))

/** The greatest of a figure over rounds, for memory. */
export const worst = <Result>(results: Result[], figure: (result: Result) => number) => Math.max(...results.map(figure))
