import type { Condition } from '#protocol/explorer.ts'
import type { DifferenceAnswer } from '#protocol/groupDifference.ts'
import { isStopped, type Inquiry } from '../../state/inquiry.svelte.ts'
import { Resource } from '../../state/resource.svelte.ts'
import type { HitEdit } from './edits.ts'
import type { Groups } from './groups.ts'

/** What a difference is asked of. */
interface Compared {
  of: {
    corpus: string | null
    asked: string[]
    where: Condition[]
    groups: Groups | null
    /** Of the kernel; null for the one that the criterion chooses. */
    bandwidthKm: number | null
    edits: HitEdit[]
  }
  /** The variable of the project that has the edits. */
  variable: string | undefined
}

/** The difference of two groups on one map, in the place of a map of each. */
export class DifferenceState {
  readonly answer = new Resource<DifferenceAnswer>()
  /** The groups are on one map. */
  shown = $state(false)
  readonly #inquiry: Inquiry
  readonly #compared: () => Compared

  constructor(inquiry: Inquiry, compared: () => Compared) {
    this.#inquiry = inquiry
    this.#compared = compared
  }

  /** There are two groups, and they are on one map. */
  get onMap(): boolean {
    return this.shown && this.#compared().of.groups !== null
  }

  /** A person has stopped it. */
  get stopped(): boolean {
    const { current } = this.answer
    return current.state === 'failed' && isStopped(current.error)
  }

  show(shown: boolean): void {
    this.shown = shown
    if (shown) this.ask()
  }

  ask(): void {
    const { of, variable } = this.#compared()
    const { corpus, asked, where, groups, bandwidthKm, edits } = of
    if (corpus === null || groups === null || asked.length === 0) return
    const edited = edits.length > 0 && variable !== undefined
    const question = {
      kind: 'difference' as const,
      corpus,
      where,
      groups: [[groups.parts[0]], [groups.parts[1]]] as [Condition[], Condition[]],
      ...(bandwidthKm === null ? {} : { bandwidthKm }),
      // The engine reads edits from the project.
      ...(edited ? { variable } : { variants: asked }),
    }
    const said = edited ? JSON.stringify(edits) : ''
    void this.answer.load(() => this.#inquiry.ask<'difference'>(question, true, said))
  }
}
