import type { AreaDifferences, Comparison, ComparisonSlices } from '#protocol/comparison.ts'
import { Resource } from '../../state/resource.svelte.ts'
import type { ViewState } from '../../state/viewState.ts'
import { AcrossState } from './acrossState.svelte.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'

/** The comparison of an experiment's conditions, whole and on parts of the test fold. */
export class ComparisonState implements ViewState {
  readonly comparison = new Resource<Comparison>()
  readonly slices = new Resource<ComparisonSlices>()
  /** Where one of two conditions is better; asked for by hand, since it resamples each area. */
  readonly areas = new Resource<AreaDifferences>()
  /** Which contrast is on the map. */
  pair = $state(0)
  /** The further column of the corpus whose values are the parts. */
  column = $state<string | null>(null)
  #experiment: string | null = null
  /** Beside other experiments. */
  readonly across: AcrossState
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
    this.across = new AcrossState(workbench)
  }

  look(experiment: string | null): void {
    if (experiment !== this.#experiment) {
      this.column = null
      this.pair = 0
    }
    this.areas.clear()
    this.#experiment = experiment
    this.comparison.clear()
    this.slices.clear()
    this.across.look(experiment)
  }

  need(): void {
    const name = this.#experiment
    if (name === null || this.comparison.current.state !== 'idle') return
    void this.comparison.load(() => this.#workbench.engine.connection.request('experiment.comparison', { name }))
  }

  needAreas(): void {
    const name = this.#experiment
    if (name === null || this.areas.current.state !== 'idle') return
    void this.areas.load(() => this.#workbench.engine.connection.request('experiment.areaDifferences', { name }))
  }

  needSlices(): void {
    const [name, column] = [this.#experiment, this.column]
    if (name === null || column === null || this.slices.current.state !== 'idle') return
    void this.slices.load(() => this.#workbench.engine.connection.request('experiment.slices', { name, column }))
  }

  /** Results on each value of a further column of the corpus; null shows none. */
  sliceBy(column: string | null): void {
    this.column = column
    this.slices.clear()
    this.needSlices()
  }
}
