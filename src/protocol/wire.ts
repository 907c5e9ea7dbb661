import type { ErrorReport } from './errors.ts'
import type { EngineEvents, EventName } from './events.ts'
import type { MethodName } from './methods.ts'

/** Messages between a client and the engine, the same over a MessagePort and over a child process's channel. */
export type Request = { kind: 'request'; id: number; method: MethodName; params: unknown }
export type Response =
  | { kind: 'response'; id: number; result: unknown }
  /** The id is null where the request had none that could be read. */
  | { kind: 'response'; id: number | null; error: ErrorReport }
export type EventMessage = {
  [Name in EventName]: { kind: 'event'; event: Name; payload: EngineEvents[Name] }
}[EventName]
export type FromEngine = Response | EventMessage

/**
 * What the shell tells its engine over the process's own channel, which no page can reach: paths that the person chose. Each
 * is answered by `Granted` with the same id once it counts.
 */
export interface Grant {
  kind: 'grant'
  id: number
  paths: string[]
}
export interface Granted {
  kind: 'granted'
  id: number
}
