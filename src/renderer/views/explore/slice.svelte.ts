import type { Condition, KwicAnswer, LineAnswer, MapAnswer } from '#protocol/explorer.ts'
import { isStopped, type Inquiry } from '../../state/inquiry.svelte.ts'
import { Resource } from '../../state/resource.svelte.ts'

export type KwicSort = 'left' | 'right' | 'place'

/** What was asked of a part of the corpus, and what has come of it: the map first, the line when it has been computed. */
export class Slice {
  readonly map = new Resource<MapAnswer>()
  readonly line = new Resource<LineAnswer>()
  readonly kwic = new Resource<KwicAnswer>()
  /** A person has stopped it. */
  stopped = $state(false)

  constructor(
    readonly inquiry: Inquiry,
    readonly corpus: string,
    readonly variants: string[],
    readonly where: Condition[],
  ) {}

  /** Asks for all that a view shows, the quick things first. */
  async ask(sort: KwicSort): Promise<void> {
    this.stopped = false
    const { corpus, variants, where } = this
    await Promise.all([
      this.map.load(() => this.#asked(this.inquiry.ask<'map'>({ kind: 'map', corpus, variants, where }))),
      this.list(sort),
      variants.length > 1 &&
        this.line.load(() => this.#asked(this.inquiry.ask<'line'>({ kind: 'line', corpus, variants, where }))),
    ])
  }

  /** The concordance of all variants, in another order. */
  list(sort: KwicSort): Promise<void> {
    const { corpus, variants, where } = this
    const pattern = variants.join(',')
    return this.kwic.refresh(() =>
      this.#asked(this.inquiry.ask<'kwic'>({ kind: 'kwic', corpus, pattern, where, sort })),
    )
  }

  async #asked<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer
    } catch (error) {
      if (isStopped(error)) this.stopped = true
      throw error
    }
  }
}
