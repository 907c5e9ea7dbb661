import { EngineError } from '#protocol/errors.ts'
import type { SizedLabels } from '#protocol/labelSets.ts'
import { readLabelMap, readTerritories } from '#engine/runs/labelMap.ts'
import { labelsAtSize } from '#engine/runs/labelsAtSize.ts'
import { jobContext } from '../jobContext.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const labelsHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'labels'> => {
  /** The last labels that were fitted, until they are fetched. */
  let fitted: { job: string; labels: SizedLabels } | null = null

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
    async 'labels.fit'({ experiment, size }) {
      const stored = await session.project.stored(experiment)
      const job = jobs.start(async (running) => {
        const labels = await labelsAtSize(stored, size, jobContext(running, 'labels', 'Labels of one size'))
        fitted = { job: running.id, labels }
      })
      return { job }
    },
    'labels.fitted'({ job }) {
      if (fitted?.job === job) return Promise.resolve(fitted.labels)
      return Promise.reject(
        new EngineError('labels/not-fitted', `There are no labels of ${job}. Fit the size that you want again.`),
      )
    },
  }
}
