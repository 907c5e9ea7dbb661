import { EngineError } from '#protocol/errors.ts'
import { artefactId, artefactKinds, type ArtefactKind } from '#engine/runs/manifest.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const artefactHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'artefact'> => ({
  async 'artefact.delete'({ kind, id }, left) {
    const { project } = session
    // A job holds the project's lock, for hours perhaps.
    if (jobs.busy) throw new EngineError('job/busy', 'A job is running on this project. Wait for it or cancel it first.')
    const unlock = await lockProject(project.directory)
    try {
      if (!(artefactKinds as readonly string[]).includes(kind) || !artefactId.test(id)) {
        throw new EngineError('artefact/unknown', `There is no artefact ${kind} ${id}; kinds are ${artefactKinds.join(', ')}.`)
      }
      await project.store.remove(kind as ArtefactKind, id)
      return await project.view(left)
    } finally {
      await unlock()
    }
  },
})
