import type { RunAttention } from '#protocol/runs.ts'
import type { ViewState } from '../../state/viewState.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import type { RowOrder } from './heatRows.ts'
import type { WordMeasure } from './labelWords.ts'

/** What networks attend to; a run's id is its content, so what was computed stays true. */
export class AttentionState implements ViewState {
  order = $state<RowOrder>('west to east')
  measure = $state<WordMeasure>('effect')
  /** Number of the label whose words are shown; null shows none. */
  label = $state<number | null>(null)
  /** The document that is pointed at, as its place among the run's test documents. */
  active = $state<number | null>(null)
  #found = $state.raw<ReadonlyMap<string, RunAttention>>(new Map())
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
  }

  look(): void {
    this.label = null
    this.active = null
  }

  of(run: string): RunAttention | null {
    return this.#found.get(run) ?? null
  }

  async compute(run: string): Promise<void> {
    const { connection } = this.#workbench.engine
    this.look()
    const job = await this.#workbench.runJob(
      { kind: 'attention', title: 'Attention of the test documents', experiment: null },
      () => connection.request('run.attend', { run }),
    )
    if (job === null) return
    const attention = await connection.request('run.attention', { job })
    this.#found = new Map([...this.#found, [run, attention]])
  }
}
