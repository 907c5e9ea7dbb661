import type { Granularity, LabelSize, SizedLabels } from '#protocol/labelSets.ts'
import { Resource } from '../../state/resource.svelte.ts'
import type { ViewState } from '../../state/viewState.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { firstSize, keyOf, schemeNameOf, settingOf, sweepLines, type SweptMethod } from './sweepSeries.ts'

/** How fine labels may be: the sweep, and the sizes that are looked at. */
export class GranularityState implements ViewState {
  readonly sweep = new Resource<Granularity[]>()
  /** The size of each method that the maps show. */
  chosen = $state.raw<Partial<Record<SweptMethod, LabelSize>>>({})
  /** Fitted labels by size. */
  fitted = $state.raw<ReadonlyMap<string, SizedLabels>>(new Map())
  shade = $state<'documents' | 'distance'>('distance')
  #experiment = $state<string | null>(null)
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }

  look(experiment: string | null): void {
    if (experiment === this.#experiment) return
    this.#experiment = experiment
    this.sweep.clear()
    this.chosen = {}
    this.fitted = new Map()
  }

  /** What an earlier sweep left. */
  need(): void {
    const name = this.#experiment
    if (name === null || this.sweep.current.state !== 'idle') return
    void this.sweep
      .load(() => this.#workbench.engine.connection.request('experiment.sweepResult', { name }))
      .then(() => this.#begin())
  }

  async run(): Promise<void> {
    const name = this.#experiment
    if (name === null) return
    const { engine, project } = this.#workbench
    const done = await this.#workbench.runJob({ kind: 'labels', title: 'Sweep label sizes', experiment: null }, () =>
      engine.connection.request('experiment.sweep', { name }),
    )
    await project.refresh()
    if (done === null || name !== this.#experiment) return
    this.sweep.clear()
    this.need()
  }

  async choose(size: LabelSize): Promise<void> {
    const name = this.#experiment
    this.chosen = { ...this.chosen, [size.method]: size }
    if (name === null || this.fitted.has(keyOf(size)) || this.#workbench.job.running) return
    const { connection } = this.#workbench.engine
    const job = await this.#workbench.runJob({ kind: 'labels', title: 'Labels of one size', experiment: null }, () =>
      connection.request('labels.fit', { experiment: name, size }),
    )
    if (job === null) return
    const labels = await connection.request('labels.fitted', { job })
    if (name === this.#experiment) this.fitted = new Map([...this.fitted, [keyOf(size), labels]])
  }

  /** Writes the size into the experiment, as its first scheme of the method or a new one. */
  async use(size: LabelSize): Promise<void> {
    const { draft, notices } = this.#workbench
    if (!draft.effective) return
    const own = schemeNameOf(draft.effective, size.method)
    const name = own ?? (size.method === 'kd-tree' ? 'kd' : 'p2c')
    if (own === null) draft.set(['labels', name, 'method'], size.method)
    draft.set(['labels', name, size.method === 'kd-tree' ? 'bucket' : 'radiusKm'], settingOf(size))
    if (await this.#workbench.saveExperiment())
      notices.add({
        kind: 'fact',
        title: `“${name}” has ${size.method === 'kd-tree' ? `bucket ${size.bucket}` : `a radius of ${size.radiusKm} km`} now`,
        text: 'What follows from its labels is made again when the experiment runs; what was there is kept.',
      })
  }

  /** The maps begin with the experiment's own sizes. */
  async #begin(): Promise<void> {
    if (!this.sweep.value || Object.keys(this.chosen).length > 0) return
    const { effective } = this.#workbench.draft
    for (const line of sweepLines(this.sweep.value)) await this.choose(firstSize(line, effective))
  }
}
