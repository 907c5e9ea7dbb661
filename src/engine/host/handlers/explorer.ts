import type { Answer } from '#protocol/explorer.ts'
import { EngineError } from '#protocol/errors.ts'
import { readBoundaries } from '#engine/geo/boundaries/readBoundaries.ts'
import { askJob } from '../askJob.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const explorerHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'explorer'> => {
  /** The last answer, until it is fetched. */
  let last: { job: string; answer: Answer } | null = null
  return {
    async 'explorer.ask'({ question }) {
      const { project } = await Promise.resolve(session)
      const job = jobs.start(async (running) => {
        last = { job: running.id, answer: await askJob(project, question, running) }
      })
      return { job }
    },
    'explorer.answer'({ job }) {
      if (last?.job !== job)
        return Promise.reject(
          new EngineError('explorer/no-answer', `There is no answer of ${job}. Ask the question again.`),
        )
      return Promise.resolve(last.answer)
    },
    'explorer.boundaries': ({ file }) => readBoundaries(file),
  }
}
