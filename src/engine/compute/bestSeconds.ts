/** The best of some runs, in seconds: noise only ever adds. */
export async function bestSeconds(runs: number, run: () => void | Promise<void>): Promise<number> {
  let best = Infinity
  for (let i = 0; i < runs; i++) {
    const started = performance.now()
    await run()
    best = Math.min(best, (performance.now() - started) / 1000)
  }
  return best
}
