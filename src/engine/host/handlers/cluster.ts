import { resolve } from 'node:path'
import { cancelWork, clusterWork, submissionsOf } from '#engine/runs/cluster/clusterWork.ts'
import { clusterPackJob } from '../clusterPackJob.ts'
import { experimentFromFile } from '../experimentFromFile.ts'
import type { Project } from '../project.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const clusterHandlers = ({ session, jobs, watch }: HandlerContext): HandlersOf<'cluster'> => {
  const foldersOf = async ({ directory }: Project, name: string, folder: string | undefined) =>
    folder === undefined ? submissionsOf(directory, name) : [resolve(folder)]
  return {
    async 'cluster.work'({ name, folder }) {
      const { project } = session
      return clusterWork(project.store, name, await foldersOf(project, name, folder))
    },
    async 'cluster.watch'({ name, folder }, left) {
      const { project } = session
      return watch.watch(project, name, () => foldersOf(project, name, folder), left)
    },
    async 'cluster.pack'({ file, project, ...request }) {
      const found = await experimentFromFile(session, file, project)
      return { job: jobs.start((job) => clusterPackJob(found, request, job)) }
    },
    'cluster.cancel': async ({ name, folder }) => ({
      jobs: await cancelWork(await foldersOf(session.project, name, folder)),
    }),
  }
}
