import type { ErrorReport } from './errors.ts'
import type { EngineEvents, EventName } from './events.ts'
import type { MethodName } from './methods.ts'

/** Messages between a client and the engine, the same over a MessagePort and over a child process's channel. */
export type Request = { kind: 'request'; id: number; method: MethodName; params: unknown }
export type Response =
  | { kind: 'response'; id: number; result: unknown }
  | { kind: 'response'; id: number; error: ErrorReport }
export type EventMessage = { [Name in EventName]: { kind: 'event'; event: Name; payload: EngineEvents[Name] } }[EventName]
export type FromEngine = Response | EventMessage
