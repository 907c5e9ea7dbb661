import { resolve } from 'node:path'
import { unlockProject } from '#engine/runs/projectLock.ts'
import { verifyJob } from '../verifyJob.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const projectHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'project'> => ({
  'project.create': ({ directory, name }, left) => session.create(directory, name, left),
  'project.open': ({ directory }, left) => session.open(directory, left),
  'project.unlock': ({ directory, force }) => unlockProject(resolve(directory), force),
  'project.view': async (_params, left) => session.project.view(left),
  'project.lastExperiment': async () => ({ name: (await session.project.file()).lastExperiment }),
  async 'project.verify'() {
    const { project } = session
    return { job: jobs.start((job) => verifyJob(project, job)) }
  },
  'project.verification': async () => session.project.verification,
  async 'project.close'() {
    await jobs.stop()
    session.close()
    return null
  },
})
