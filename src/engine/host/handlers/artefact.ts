import { EngineError } from '#protocol/errors.ts'
import type { ProjectView } from '#protocol/methods.ts'
import type { ArtefactStore } from '#engine/runs/artefactStore.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const artefactHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'artefact'> => {
  async function change(work: (store: ArtefactStore) => Promise<void>, left: AbortSignal): Promise<ProjectView> {
    const { project } = session
    // A job holds the project's lock, for hours perhaps.
    if (jobs.busy)
      throw new EngineError('job/busy', 'A job is running on this project. Wait for it or cancel it first.')
    const unlock = await lockProject(project.directory)
    try {
      await work(project.store)
      return await project.view(left)
    } finally {
      await unlock()
    }
  }

  return {
    'artefact.delete': ({ kind, id }, left) => change((store) => store.throwAway(kind, id), left),
    'artefact.restore': ({ kind, id }, left) => change((store) => store.restore(kind, id), left),
  }
}
