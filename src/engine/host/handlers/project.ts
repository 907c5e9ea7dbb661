import { resolve } from 'node:path'
import { unlockProject } from '#engine/runs/projectLock.ts'
import { packJob, unpackJob } from '../packJob.ts'
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
  async 'project.pack'({ run = null, ...request }, left) {
    const { project } = session
    const { experiments, runs } = await project.view(left)
    const names = run === null ? experiments : runs.filter(({ id }) => id === run).map(({ experiment }) => experiment)
    return { job: jobs.start((job) => packJob(project, { ...request, run, experiments: [...new Set(names)] }, job)) }
  },
  async 'project.unpack'({ file, directory }) {
    return Promise.resolve({ job: jobs.start((job) => unpackJob(file, directory, job)) })
  },
  async 'project.close'() {
    await jobs.stop()
    await session.emptyTrash()
    session.close()
    return null
  },
})
