import { resolve } from 'node:path'
import { cancelWork, clusterWork, submissionsOf } from '#engine/runs/cluster/clusterWork.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const clusterHandlers = ({ session }: HandlerContext): HandlersOf<'cluster'> => {
  const foldersOf = async (name: string, folder: string | undefined) =>
    folder === undefined ? submissionsOf(session.project.directory, name) : [resolve(folder)]
  return {
    'cluster.work': async ({ name, folder }) => clusterWork(session.project.store, name, await foldersOf(name, folder)),
    'cluster.cancel': async ({ name, folder }) => ({ jobs: await cancelWork(await foldersOf(name, folder)) }),
  }
}
