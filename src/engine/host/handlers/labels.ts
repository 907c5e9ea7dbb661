import { readLabelMap, readTerritories } from '#engine/runs/labelMap.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const labelsHandlers = ({ session }: HandlerContext): HandlersOf<'labels'> => {
  async function directoriesOf(name: string, labels: string) {
    const { project } = session
    const { experiment, recipes, store } = await project.stored(name)
    return {
      labels: await project.labelsDirectory(experiment, labels),
      corpus: await store.whole('corpus', recipes.corpus.id),
    }
  }

  return {
    async 'labels.map'({ experiment, labels }) {
      const directories = await directoriesOf(experiment, labels)
      return readLabelMap(directories.labels, labels, directories.corpus)
    },
    async 'labels.geoJson'({ experiment, labels }) {
      const directories = await directoriesOf(experiment, labels)
      return readTerritories(directories.labels, directories.corpus)
    },
  }
}
