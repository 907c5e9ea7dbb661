import type { EpochMetrics, RunSummary } from '#protocol/runs.ts'
import { Resource } from '../../state/resource.svelte.ts'
import type { ViewState } from '../../state/viewState.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'

/** The learning curves of the finished runs. */
export class CurvesState implements ViewState {
  readonly curves = new Resource<{ run: RunSummary; epochs: EpochMetrics[] }[]>()
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }

  look(): void {
    this.curves.clear()
  }

  need(): void {
    const { results, engine } = this.#workbench
    const runs = results.finished
    if (this.curves.current.state !== 'idle' || runs.length === 0) return
    void this.curves.load(async () => {
      const curves = []
      for (const run of runs)
        curves.push({ run, epochs: await engine.connection.request('run.metrics', { run: run.id }) })
      return curves
    })
  }
}
