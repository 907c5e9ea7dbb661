import type { EngineError } from '#protocol/errors.ts'
import { toError } from './toError.ts'

export interface NoticeAction {
  title: string
  act(): void | Promise<void>
}

export interface Notice {
  id: number
  kind: 'error' | 'warning' | 'fact'
  title: string
  text: string
  code: string | null
  /** What a program said last, for a report. */
  details: string | null
  actions: NoticeAction[]
  /** Is not about the project, and stays when another one is opened. */
  lasting: boolean
  /** Of what was taken away: what kind of thing. */
  removed: string | null
}

/** Messages above the view that stay until they are dealt with or dismissed. */
export class Notices {
  list = $state.raw<Notice[]>([])
  #count = 0

  add(notice: Partial<Omit<Notice, 'id'>> & Pick<Notice, 'kind' | 'title' | 'text'>): number {
    const id = ++this.#count
    // The same thing said twice is said once.
    const others = this.list.filter(({ title, text }) => title !== notice.title || text !== notice.text)
    this.list = [...others, { code: null, details: null, actions: [], lasting: false, removed: null, ...notice, id }]
    return id
  }

  /**
   * Says what was taken away, and offers it back: whatever a person removes in the window comes by here. Of things of one kind the
   * last removal is offered.
   */
  removed(kind: string, { title, text, undo }: { title: string; text: string; undo(): void | Promise<void> }): void {
    this.list = this.list.filter(({ removed }) => removed !== kind)
    this.add({ kind: 'fact', title, text, removed: kind, actions: [{ title: 'Undo', act: undo }] })
  }

  error(title: string, thrown: unknown, actions: NoticeAction[] = []): EngineError {
    const error = toError(thrown)
    const lastWords = error.data?.['lastWords']
    const details = typeof lastWords === 'string' && lastWords ? lastWords : null
    this.add({ kind: 'error', title, text: error.message, code: error.code, details, actions })
    return error
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id)
  }

  /** Forgets what was said of the project that is left. */
  clear(): void {
    this.list = this.list.filter(({ lasting }) => lasting)
  }
}
