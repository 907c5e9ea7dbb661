import type { EngineEvents } from '#protocol/events.ts'
import type { MethodName } from '#protocol/methods.ts'
import type { Response } from '#protocol/wire.ts'
import { Grants } from '../grants.ts'
import { serve } from '../serve.ts'

/** An engine that is spoken to as a client does. */
export function startEngine(grants = Grants.everything()) {
  let ask: (message: unknown) => void = () => undefined
  let id = 0
  const waiting = new Map<number | null, (answer: Response) => void>()
  const ends = new Map<string, EngineEvents['job.finished']>()
  let heard: () => void = () => undefined
  const engine = serve(
    {
      send(message) {
        if (message.kind === 'response') waiting.get(message.id)?.(message)
        else if (message.event === 'job.finished') ends.set(message.payload.job, message.payload)
        heard()
      },
      receive: (listener) => (ask = listener),
    },
    grants,
  )
  /** The answer to a message of any kind, under the id that it should have. */
  const answerTo = (message: unknown, answered: number | null) =>
    new Promise<Response>((resolve) => {
      waiting.set(answered, resolve)
      ask(message)
    })
  const answer = (method: MethodName, params: unknown) => answerTo({ kind: 'request', id: ++id, method, params }, id)
  return {
    answerTo,
    answer,
    /** The code of the error that answers a request, or 'answered'. */
    codeOf: async (method: MethodName, params: unknown) => codeOf(await answer(method, params)),
    async request<T>(method: MethodName, params: unknown): Promise<T> {
      const answered = await answer(method, params)
      if ('error' in answered) throw new Error(`${answered.error.code}: ${answered.error.message}`)
      return answered.result as T
    },
    async ended(job: string) {
      while (!ends.has(job)) await new Promise<void>((resolve) => (heard = resolve))
      return ends.get(job)!
    },
    stop: () => engine.stop(),
  }
}

export const codeOf = (answer: Response | undefined) => (answer && 'error' in answer ? answer.error.code : 'answered')
