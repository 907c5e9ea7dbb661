import { EngineError, type ErrorReport } from '#protocol/errors.ts'
import { methods, type MethodName } from '#protocol/methods.ts'
import type { FromEngine, Request, Response } from '#protocol/wire.ts'
import { deviceInUse } from '#engine/compute/tensorflow.ts'
import { ClusterWatch } from './clusterWatch.ts'
import type { Grants } from './grants.ts'
import { createHandlers } from './handlers/createHandlers.ts'
import { Jobs, toReport, type Emit } from './jobs.ts'
import { idOf, problemsOf, readRequest } from './readRequest.ts'
import { Session } from './session.ts'

/** A way to a client: a message port, or the channel to a parent process. */
export interface Transport {
  send(message: FromEngine): void
  receive(listener: (message: unknown) => void): void
}

const changesProject: ReadonlySet<MethodName> = new Set(['project.create', 'project.open', 'project.close'])

/** How often the engine tells its memory and device. */
const statusMs = 2000

interface Served {
  stop(): Promise<void>
  /** Refuses every request that waits and ends the running job as failed; whether there was any of them. */
  fail(report: ErrorReport): boolean
}

/**
 * Answers a client's requests until its transport closes; every request gets exactly one response, and so does what is none.
 * @param grants the paths that this client may name
 */
export function serve(transport: Transport, grants: Grants): Served {
  const emit: Emit = (event, payload) => transport.send({ kind: 'event', event, payload } as FromEngine)
  const jobs = new Jobs(emit)
  const watch = new ClusterWatch(emit)
  const session = new Session(grants)
  const handlers = createHandlers({ session, jobs, watch })

  /** The project that was asked for is open before anything is answered that was asked after it. */
  let opened = Promise.resolve()
  let left = new AbortController()
  const waiting = new Set<number>()
  const respond = (response: Response) => {
    if (response.id !== null && waiting.delete(response.id)) transport.send(response)
  }

  transport.receive((message) => {
    let request: Request
    try {
      request = readRequest(message)
    } catch (error) {
      transport.send({ kind: 'response', id: idOf(message), error: toReport(error) })
      return
    }
    const { id, method, params } = request
    waiting.add(id)
    answer(method, params).then(
      (result) => respond({ kind: 'response', id, result }),
      (error: unknown) => respond({ kind: 'response', id, error: toReport(error) }),
    )
  })

  async function answer(method: MethodName, params: unknown): Promise<unknown> {
    if (!Object.hasOwn(methods, method)) {
      throw new EngineError(
        'wire/unknown-method',
        `The engine has no method "${method}". Use a client of the same version.`,
      )
    }
    const checked = methods[method].params.safeParse(params)
    if (!checked.success) {
      throw new EngineError(
        'wire/wrong-parameters',
        `${method} was called with wrong parameters: ${problemsOf(checked.error)}.`,
      )
    }
    // The table above has just given the parameters the handler's type.
    const handle = handlers[method] as (params: unknown, left: AbortSignal) => Promise<unknown>
    const paths = (methods[method].paths as (params: unknown) => string[])(checked.data)
    if (changesProject.has(method)) {
      left.abort(
        new EngineError(
          'project/left',
          'Another project was asked for, or none, before this was answered. Ask again once it is open.',
        ),
      )
      left = new AbortController()
    }
    const { signal } = left
    const answered = opened.then(async () => {
      for (const path of paths) await grants.check(path, session.directory)
      return handle(checked.data, signal)
    })
    if (!changesProject.has(method)) return answered
    opened = answered.then(
      () => undefined,
      () => undefined,
    )
    return answered
  }

  const status = setInterval(() => {
    emit('engine.status', {
      residentMiB: Math.round(process.memoryUsage.rss() / (1 << 20)),
      device: deviceInUse(),
      busy: jobs.busy,
    })
  }, statusMs)
  status.unref()

  return {
    async stop() {
      clearInterval(status)
      watch.stop()
      await jobs.stop()
    },
    fail(error) {
      const told = waiting.size > 0 || jobs.busy
      for (const id of waiting) respond({ kind: 'response', id, error })
      jobs.fail(error)
      return told
    },
  }
}
