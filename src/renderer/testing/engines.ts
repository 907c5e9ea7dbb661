import { MessageChannel } from 'node:worker_threads'
import { Grants } from '#engine/host/grants.ts'
import { serve } from '#engine/host/serve.ts'
import { EngineError } from '#protocol/errors.ts'
import type { EngineEvents, EventName } from '#protocol/events.ts'
import type { MethodName, Params } from '#protocol/methods.ts'
import type { FromEngine, Request } from '#protocol/wire.ts'
import { EngineConnection, type EnginePort } from '../state/engineConnection.ts'

/** The real engine in this process, behind a channel that copies what it carries as the page's does. */
export function realEngine() {
  const { port1, port2 } = new MessageChannel()
  const engine = serve(
    { send: (message) => port2.postMessage(message), receive: (listener) => port2.on('message', listener) },
    Grants.everything(),
  )
  return {
    port: port1 as unknown as EnginePort,
    async stop(): Promise<void> {
      // What it still says nobody hears.
      port2.close()
      await engine.stop()
    },
  }
}

type Answer<Name extends MethodName> = (params: Params<Name>) => unknown

/** A connection to an engine that answers as the test says: for orders of events that a real one shows once in a thousand times. */
export class ScriptedEngine {
  readonly connection = new EngineConnection()
  /** Every request so far, as "method {params}". */
  readonly asked: string[] = []
  readonly #answers: { [Name in MethodName]?: Answer<Name> } = {}
  readonly #port: EnginePort

  constructor() {
    this.#port = { onmessage: null, close: () => undefined, postMessage: (request) => void this.#answer(request) }
    this.connection.attach(this.#port)
  }

  /** How a method is answered from now on; a promise answers when it settles. */
  on<Name extends MethodName>(method: Name, answer: Answer<Name>): void {
    Object.assign(this.#answers, { [method]: answer })
  }

  say<Name extends EventName>(event: Name, payload: EngineEvents[Name]): void {
    this.#send({ kind: 'event', event, payload } as FromEngine)
  }

  async #answer({ id, method, params }: Request): Promise<void> {
    this.asked.push(`${method} ${JSON.stringify(params)}`)
    const answer = this.#answers[method] as ((params: unknown) => unknown) | undefined
    try {
      if (!answer) throw new EngineError('test/unanswered', `The test has no answer to ${method}.`)
      this.#send({ kind: 'response', id, result: await answer(params) })
    } catch (error) {
      this.#send({ kind: 'response', id, error: (error as EngineError).toReport() })
    }
  }

  #send(message: FromEngine): void {
    this.#port.onmessage?.({ data: structuredClone(message) })
  }
}

/** An answer that the test gives when it wants to. */
export function held<Value>() {
  let give: (value: Value) => void = () => undefined
  const answer = new Promise<Value>((resolve) => (give = resolve))
  return { answer, give }
}
