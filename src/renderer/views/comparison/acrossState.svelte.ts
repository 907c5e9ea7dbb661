import type { ExperimentsComparison } from '#protocol/comparison.ts'
import type { EpochMetrics, RunErrors } from '#protocol/runs.ts'
import { Resource } from '../../state/resource.svelte.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'

/** A run that is laid over another: how it learnt, and how far off it is. */
export interface OverlaidRun {
  errors: RunErrors
  epochs: EpochMetrics[]
}

/** How many runs lie over one another at most: beyond it no line is told from the others. */
export const mostOverlaid = 5

/** The looked-at experiment beside others of the project. */
export class AcrossState {
  readonly comparison = new Resource<ExperimentsComparison>()
  readonly overlaid = new Resource<OverlaidRun[]>()
  /** The other experiments. */
  others = $state.raw<string[]>([])
  /** Runs whose curves and tails are laid over one another, by id, in the order in which they were chosen. */
  runs = $state.raw<string[]>([])
  #experiment: string | null = null
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }

  look(experiment: string | null): void {
    if (experiment !== this.#experiment) {
      this.others = []
      this.runs = []
      this.overlaid.clear()
    }
    this.#experiment = experiment
    this.comparison.clear()
    this.#ask()
  }

  toggle(name: string): void {
    this.others = without(this.others, name)
    this.comparison.clear()
    this.#ask()
  }

  /** Lays a run over the others, or takes it away. */
  overlay(run: string): void {
    this.runs = without(this.runs, run).slice(-mostOverlaid)
    const { connection } = this.#workbench.engine
    const { runs } = this
    if (runs.length === 0) return this.overlaid.clear()
    void this.overlaid.refresh(() =>
      Promise.all(
        runs.map(async (id) => ({
          errors: await connection.request('run.errors', { run: id }),
          epochs: await connection.request('run.metrics', { run: id }),
        })),
      ),
    )
  }

  again(): void {
    this.comparison.clear()
    this.#ask()
  }

  #ask(): void {
    if (this.#experiment === null || this.others.length === 0) return
    const names = [this.#experiment, ...this.others]
    void this.comparison.load(() => this.#workbench.engine.connection.request('experiment.across', { names }))
  }
}

/** The list without something, or with it at its end where it was not there. */
const without = (list: string[], one: string): string[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one]
