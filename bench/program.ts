/** What every bench is made of: two sides that do the same work on the same files, each in a process of its own. */

export const sizes = ['small', 'default', 'full'] as const
export type Size = (typeof sizes)[number]

export interface BenchProgram {
  /** Packages of the peer's side, pinned. */
  peers: Record<string, string>
  /** Left out: Python. A page in Electron takes its packages from the checkout. */
  peerIn?: 'electron'
  /** Our side's work by name, run in a process of its own. */
  ours: Record<string, (task: never) => Promise<object>>
  run(bench: Bench): Promise<BenchFigures>
}

export interface Bench {
  size: Size
  /** An empty folder for inputs, removed afterwards. */
  directory: string
  /** Runs `ours[side]` on a task in a fresh Node process. */
  ours<Result>(side: string, task: object): Promise<Measured<Result>>
  /** Runs bench/peers/SCRIPT.py on a task in a fresh Python process. */
  peer<Result>(script: string, task: object): Promise<Measured<Result>>
  /** A line for the person who waits. */
  say(line: string): void
}

/** What a side reported, and the peak of its process's resident memory. */
export type Measured<Result> = Result & { peakMemoryMiB: number }

export interface BenchFigures {
  /** Above 1 we are ahead. */
  ratios: Record<string, number>
  /** A number, or [ours, peer]. */
  checks: Record<string, number | [number, number] | boolean>
  peakMemoryMiB: { ours: number; peer: number }
}
