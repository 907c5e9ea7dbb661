import type { EpochMetrics, RunSummary } from '#protocol/runs.ts'
import { Resource } from '../../state/resource.svelte.ts'
import type { ViewState } from '../../state/viewState.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { ClusterState } from './clusterState.svelte.ts'

/** The learning curves of the finished runs, and what was given to a cluster. */
export class TrainingState implements ViewState {
  readonly curves = new Resource<{ run: RunSummary; epochs: EpochMetrics[] }[]>()
  readonly cluster: ClusterState
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
    this.cluster = new ClusterState(workbench.engine.connection, {
      step: () => void workbench.project.replan(),
      results: () => void workbench.takeInResults(),
    })
  }

  look(experiment: string | null): void {
    this.curves.clear()
    this.cluster.look(experiment)
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
