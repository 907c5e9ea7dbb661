import { EngineError } from '#protocol/errors.ts'
import type { EngineEvents, EventName } from '#protocol/events.ts'
import type { MethodName, Params, Result } from '#protocol/methods.ts'
import type { FromEngine, Request } from '#protocol/wire.ts'

/** The part of a MessagePort that a connection needs. */
export interface EnginePort {
  postMessage(message: Request): void
  onmessage: ((event: { data: FromEngine }) => void) | null
  close(): void
}

interface Waiting {
  resolve(result: unknown): void
  reject(error: EngineError): void
}

type Listener<Name extends EventName> = (payload: EngineEvents[Name]) => void

/**
 * The typed way to the engine over one message port. Requests made before a port is there wait for it;
 * when the engine ends, everything that waits is refused, so that no caller is left hanging.
 */
export class EngineConnection {
  #port: EnginePort | null = null
  #count = 0
  #unsent: Request[] = []
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners: { [Name in EventName]?: Set<Listener<Name>> } = {}
  readonly #mourners: ((reason: EngineError) => void)[] = []

  /** Takes a fresh port; the one before is closed and what waited on it is refused. */
  attach(port: EnginePort): void {
    if (this.#port) this.detach(new EngineError('engine/replaced', 'The engine was replaced by another. Ask again.'))
    this.#port = port
    port.onmessage = ({ data }) => this.#receive(data)
    for (const request of this.#unsent.splice(0)) port.postMessage(request)
  }

  /** Refuses everything that waits for an answer, for the reason given. */
  detach(reason: EngineError): void {
    this.#port?.close()
    this.#port = null
    this.#unsent = []
    const refused = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of refused) reject(reason)
    for (const mourner of this.#mourners) mourner(reason)
  }

  /** Hears that the engine is gone: the events of its jobs never come. */
  onDetach(listener: (reason: EngineError) => void): void {
    this.#mourners.push(listener)
  }

  /** @throws EngineError as the engine reports it, or the reason given to `detach` */
  request<Name extends MethodName>(method: Name, params: Params<Name>): Promise<Result<Name>> {
    const request: Request = { kind: 'request', id: ++this.#count, method, params }
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve: (result) => resolve(result as Result<Name>), reject })
      if (this.#port) this.#port.postMessage(request)
      else this.#unsent.push(request)
    })
  }

  /** Hears every event of one name until the returned function is called. */
  on<Name extends EventName>(event: Name, listener: Listener<Name>): () => void {
    const listeners = this.#of(event)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  #receive(message: FromEngine) {
    if (message.kind === 'event') {
      for (const listener of this.#of(message.event)) listener(message.payload as never)
      return
    }
    // Without an id it answers a message that was no request, and none of ours is.
    if (message.id === null) return
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return
    this.#waiting.delete(message.id)
    if ('error' in message) {
      const { code, message: text, data } = message.error
      waiting.reject(new EngineError(code, text, data))
    } else {
      waiting.resolve(message.result)
    }
  }

  #of<Name extends EventName>(event: Name): Set<Listener<Name>> {
    const known = this.#listeners[event] as Set<Listener<Name>> | undefined
    if (known) return known
    const fresh = new Set<Listener<Name>>()
    Object.assign(this.#listeners, { [event]: fresh })
    return fresh
  }
}
