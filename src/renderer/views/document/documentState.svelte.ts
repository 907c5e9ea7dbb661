import type { DocumentView, Prediction } from '#protocol/runs.ts'
import { askRun, wantsPerLabel } from '../../state/askRun.ts'
import { Resource } from '../../state/resource.svelte.ts'
import { Territories } from '../../state/territories.svelte.ts'
import { toError } from '../../state/toError.ts'
import type { ViewState } from '../../state/viewState.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'

/** One document of the corpus, and where the chosen run puts it or a text of the person's own. */
export class DocumentState implements ViewState {
  readonly document = new Resource<DocumentView>()
  prediction = $state.raw<Prediction | null>(null)
  predicting = $state(false)
  readonly territories: Territories
  predictionError = $state.raw<Error | null>(null)
  #shown: { run: string; row: number } | null = null
  #predictions = 0
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
    this.territories = new Territories(workbench)
  }

  get perLabel(): boolean {
    return wantsPerLabel(this.#workbench)
  }

  /** Of another experiment no document is chosen yet; one that stays the same is kept. */
  look(): void {
    this.show()
  }

  /** Reads the document that is looked at and asks the chosen run where it is from; both stay while they are the same. */
  show(): void {
    const { chosen, row } = this.#workbench.results
    if (row === null) return this.#forget()
    // The runs are being read, or the same document is shown already.
    if (!chosen || (this.#shown?.run === chosen.id && this.#shown.row === row)) return
    this.#forget()
    const shown = { run: chosen.id, row }
    this.#shown = shown
    void this.document
      .load(() => this.#workbench.engine.connection.request('run.document', shown))
      .then(() => {
        const document = this.document.value
        if (document && this.#shown === shown) return this.predict(document.text)
      })
  }

  /** Reads it again, as after a failure. */
  again(): void {
    this.#forget()
    this.show()
  }

  async predict(text: string): Promise<void> {
    const run = this.#shown?.run
    if (!run) return
    const turn = ++this.#predictions
    this.predicting = true
    this.predictionError = null
    try {
      const prediction = await askRun(this.#workbench, run, text)
      if (turn === this.#predictions) this.prediction = prediction
    } catch (error) {
      if (turn === this.#predictions) this.predictionError = toError(error)
    } finally {
      if (turn === this.#predictions) this.predicting = false
    }
  }

  #forget(): void {
    this.#shown = null
    this.#predictions++
    this.prediction = null
    this.predicting = false
    this.predictionError = null
    this.document.clear()
  }
}
