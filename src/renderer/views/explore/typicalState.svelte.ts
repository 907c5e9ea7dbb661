import type { Condition, QuestionInput, TypicalAnswer } from '#protocol/explorer.ts'
import { isStopped, type Inquiry } from '../../state/inquiry.svelte.ts'
import { Resource } from '../../state/resource.svelte.ts'

/** What is compared with all the rest: a label, the areas of a file, a shape. */
export type Selection = Exclude<Extract<QuestionInput, { kind: 'typical' }>['select'], { kind: 'where' }>

interface Asked {
  corpus: string
  where: Condition[]
  /** Kinds of words that are hidden otherwise. */
  include: NonNullable<Extract<QuestionInput, { kind: 'typical' }>['include']>
}

/** What a part of the map says more than all the rest. */
export class TypicalState {
  readonly answer = new Resource<TypicalAnswer>()
  selection = $state.raw<Selection | null>(null)
  /** The map waits for a shape. */
  drawing = $state(false)
  readonly #inquiry: Inquiry

  constructor(inquiry: Inquiry) {
    this.#inquiry = inquiry
  }

  get stopped(): boolean {
    const { current } = this.answer
    return current.state === 'failed' && isStopped(current.error)
  }

  /** Compares a part with the rest of what the conditions let in. */
  select(selection: Selection, { corpus, where, include }: Asked): void {
    this.selection = selection
    this.drawing = false
    this.#inquiry.withdraw(({ kind }) => kind === 'typical')
    void this.answer.load(() =>
      this.#inquiry.ask<'typical'>({ kind: 'typical', corpus, where, include, select: selection, top: 1000 }),
    )
  }

  clear(): void {
    this.selection = null
    this.drawing = false
    this.answer.clear()
  }
}
