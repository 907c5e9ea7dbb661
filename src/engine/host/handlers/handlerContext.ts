import type { z } from 'zod'
import type { MethodName, Methods, Result } from '#protocol/methods.ts'
import type { ClusterWatch } from '../clusterWatch.ts'
import type { Jobs } from '../jobs.ts'
import type { Session } from '../session.ts'

/** What the handlers of one client share. */
export interface HandlerContext {
  session: Session
  jobs: Jobs
  watch: ClusterWatch
}

/** `left` is aborted as soon as the client asks for another project, or closes this one. */
type Handler<Name extends MethodName> = (
  params: z.output<Methods[Name]['params']>,
  left: AbortSignal,
) => Promise<Result<Name>>

/** The handlers of the methods whose names begin with an area, such as `run.`; of a method without one, its own. */
export type HandlersOf<Area extends string> = {
  [Name in MethodName as Name extends Area | `${Area}.${string}` ? Name : never]: Handler<Name>
}

export type Handlers = { [Name in MethodName]: Handler<Name> }
