import type { Prediction } from '#protocol/runs.ts'
import { wordEffects } from '../../prediction/textMarks.ts'
import { askRun, wantsPerLabel } from '../../state/askRun.ts'
import { Territories } from '../../state/territories.svelte.ts'
import { toError } from '../../state/toError.ts'
import type { ViewState } from '../../state/viewState.ts'
import type { Workbench } from '../../state/workbench.svelte.ts'
import { TextBatch } from './textBatch.svelte.ts'
import type { TextFile } from './textFile.ts'

/** A text, the run that was asked, and what it says. */
interface Answered {
  run: string
  text: string
  prediction: Prediction
}

/** Where texts of the person's own are from: one, and what it would be without some of its words; or a file of them. */
export class PredictState implements ViewState {
  mode = $state<'text' | 'file'>('text')
  typed = $state('')
  answered = $state.raw<Answered | null>(null)
  asking = $state(false)
  error = $state.raw<Error | null>(null)
  /** Words that are taken out, as places in the effects' words. */
  removed = $state.raw<ReadonlySet<number>>(new Set())
  /** What is said without them; null while none is out. */
  without = $state.raw<Prediction | null>(null)
  batch = $state.raw<TextBatch | null>(null)
  readonly territories: Territories
  #turn = 0
  #study = ''
  readonly #workbench: Workbench

  constructor(workbench: Workbench) {
    this.#workbench = workbench
    this.territories = new Territories(workbench)
  }

  get perLabel(): boolean {
    return wantsPerLabel(this.#workbench)
  }

  /** A run's id is its content: what it said stays true while the same experiment is looked at. */
  look(experiment: string | null): void {
    const study = `${this.#workbench.project.view?.directory} ${experiment}`
    if (study === this.#study) return
    this.#study = study
    this.#forget()
    this.batch?.stop()
    this.batch = null
  }

  get run(): string | null {
    return this.#workbench.results.chosen?.id ?? null
  }

  /** Where another run was chosen, it is asked about the same text. */
  show(): void {
    const { answered, run } = this
    if (answered && run !== null && answered.run !== run && !this.asking) void this.predict(answered.text)
  }

  async predict(text: string): Promise<void> {
    const { run } = this
    if (run === null || text.trim() === '') return
    this.removed = new Set()
    this.without = null
    await this.#ask(run, text, (prediction) => (this.answered = { run, text, prediction }))
  }

  /** Takes a word out, or puts it back. */
  async toggle(word: number): Promise<void> {
    const removed = new Set(this.removed)
    if (!removed.delete(word)) removed.add(word)
    await this.#leaveOut(removed)
  }

  async putBack(): Promise<void> {
    await this.#leaveOut(new Set())
  }

  predictFile(file: TextFile): void {
    const { run } = this
    this.mode = 'file'
    this.batch?.stop()
    if (run === null) return
    this.batch = new TextBatch(this.#workbench.engine.connection, run, file)
    void this.batch.go()
  }

  async #leaveOut(removed: ReadonlySet<number>): Promise<void> {
    const { answered } = this
    if (!answered) return
    this.removed = removed
    if (removed.size === 0) {
      this.#turn++
      this.asking = false
      this.without = null
      return
    }
    await this.#ask(answered.run, textWithout(answered, removed), (prediction) => (this.without = prediction))
  }

  /** The last question wins. */
  async #ask(run: string, text: string, take: (prediction: Prediction) => void): Promise<void> {
    const turn = ++this.#turn
    this.asking = true
    this.error = null
    try {
      const prediction = await askRun(this.#workbench, run, text)
      if (turn === this.#turn) take(prediction)
    } catch (error) {
      if (turn === this.#turn) this.error = toError(error)
    } finally {
      if (turn === this.#turn) this.asking = false
    }
  }

  #forget(): void {
    this.#turn++
    this.answered = null
    this.asking = false
    this.error = null
    this.removed = new Set()
    this.without = null
  }
}

/** A space stays where a word was, so that its neighbours do not become one. */
function textWithout({ text, prediction }: Answered, removed: ReadonlySet<number>): string {
  const words = wordEffects(prediction)?.words ?? []
  let left = text
  for (const { start, end } of [...removed].map((i) => words[i]!).sort((a, b) => b.start - a.start))
    left = `${left.slice(0, start)} ${left.slice(end)}`
  return left
}
