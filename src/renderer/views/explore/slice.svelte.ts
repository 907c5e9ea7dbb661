import type { Condition, KwicAnswer, LineAnswer, MapAnswer } from '#protocol/explorer.ts'
import { isStopped, type Inquiry } from '../../state/inquiry.svelte.ts'
import { Resource } from '../../state/resource.svelte.ts'
import type { HitEdit } from './edits.ts'

export type KwicSort = 'left' | 'right' | 'place'

/** The pattern that every word fits. */
export const everybody = '*'

interface Asked {
  corpus: string
  variants: string[]
  where: Condition[]
  /** Hits that were left out or recoded. */
  edits?: HitEdit[]
  /** The variable of the project that has them. */
  variable?: string
  /** Of the kernel; left out, the one that the criterion chooses. */
  bandwidthKm?: number | null
  /** Of one of two parts that are compared; empty for the whole. */
  title: string
}

/** What was asked of a part of the corpus, and what has come of it. */
export class Slice {
  readonly map = new Resource<MapAnswer>()
  readonly line = new Resource<LineAnswer>()
  readonly kwic = new Resource<KwicAnswer>()
  /** How well widths foretell a site, where the width was set by hand: the map's own answer says nothing of others then. */
  readonly criterion = new Resource<MapAnswer['criterion']>()
  /** A person has stopped it. */
  stopped = $state(false)
  readonly corpus: string
  readonly variants: string[]
  readonly where: Condition[]
  readonly title: string
  readonly edits: HitEdit[]
  readonly bandwidthKm: number | null
  readonly #variable: string | undefined
  readonly #inquiry: Inquiry

  constructor(inquiry: Inquiry, { corpus, variants, where, title, edits = [], variable, bandwidthKm = null }: Asked) {
    this.#inquiry = inquiry
    this.corpus = corpus
    this.variants = variants
    this.where = where
    this.title = title
    this.edits = edits
    this.bandwidthKm = bandwidthKm
    this.#variable = variable
  }

  /** What is on its map, in words. */
  get name(): string {
    return this.variants[0] === everybody ? 'all informants' : this.variants.join(' against ')
  }

  askMap(): Promise<void> {
    const { bandwidthKm } = this
    return this.map.load(() => this.#askedMap(bandwidthKm === null ? {} : { bandwidthKm }))
  }

  async askCriterion(): Promise<void> {
    if (this.bandwidthKm !== null) await this.criterion.load(async () => (await this.#askedMap({})).criterion)
  }

  #askedMap(width: { bandwidthKm?: number }): Promise<MapAnswer> {
    return this.#asked(this.#inquiry.ask<'map'>({ kind: 'map', ...this.#question, ...width }, true, this.#said))
  }

  /** The concordance of all variants, in some order. */
  list(sort: KwicSort): Promise<void> {
    const { corpus, variants, where } = this
    const pattern = variants.join(',')
    return this.kwic.refresh(() =>
      this.#asked(this.#inquiry.ask<'kwic'>({ kind: 'kwic', corpus, pattern, where, sort })),
    )
  }

  /** One variant has no line. */
  async askLine(): Promise<void> {
    if (this.variants.length < 2) return
    await this.line.load(() =>
      this.#asked(this.#inquiry.ask<'line'>({ kind: 'line', ...this.#question }, true, this.#said)),
    )
  }

  /** By its variable where hits were edited: the engine reads these from the project. */
  get #question() {
    const { corpus, variants, where, edits } = this
    return edits.length > 0 && this.#variable !== undefined
      ? { corpus, where, variable: this.#variable }
      : { corpus, where, variants }
  }

  get #said(): string {
    return this.edits.length > 0 ? JSON.stringify(this.edits) : ''
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
