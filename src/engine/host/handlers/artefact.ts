import { EngineError } from '#protocol/errors.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const artefactHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'artefact'> => ({
  async 'artefact.delete'({ kind, id }, left) {
    const { project } = session
    // A job holds the project's lock, for hours perhaps.
    if (jobs.busy)
      throw new EngineError('job/busy', 'A job is running on this project. Wait for it or cancel it first.')
    const unlock = await lockProject(project.directory)
    try {
      await project.store.remove(kind, id)
      return await project.view(left)
    } finally {
      await unlock()
    }
  },
})
