import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const jobHandlers = ({ jobs }: HandlerContext): HandlersOf<'job'> => ({
  async 'job.cancel'({ job }) {
    jobs.cancel(job)
    return null
  },
})
