import { toError } from './toError.ts'
import type { EngineError } from '#protocol/errors.ts'

type Loaded<T> =
  | { state: 'idle' }
  | { state: 'loading'; sinceMs: number }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: EngineError }

/** Something that a view asks the engine for: not asked yet, on its way, here, or failed. The last request wins. */
export class Resource<T> {
  current = $state.raw<Loaded<T>>({ state: 'idle' })
  #latest = 0

  get value(): T | null {
    return this.current.state === 'ready' ? this.current.value : null
  }

  async load(ask: () => Promise<T>): Promise<void> {
    const turn = ++this.#latest
    this.current = { state: 'loading', sinceMs: performance.now() }
    await this.#settle(turn, ask)
  }

  /** Asks again and keeps showing what is there until the answer has come. */
  async refresh(ask: () => Promise<T>): Promise<void> {
    const kept = this.current
    if (kept.state !== 'ready') return this.load(ask)
    await this.#settle(++this.#latest, ask)
    // The shell starts another engine and tells of it; what was there is as true as before.
    if (this.current.state === 'failed' && this.current.error.code === 'engine/stopped') this.current = kept
  }

  clear(): void {
    this.#latest++
    this.current = { state: 'idle' }
  }

  async #settle(turn: number, ask: () => Promise<T>) {
    let settled: Loaded<T>
    try {
      settled = { state: 'ready', value: await ask() }
    } catch (error) {
      settled = { state: 'failed', error: toError(error) }
    }
    if (turn === this.#latest) this.current = settled
  }
}
