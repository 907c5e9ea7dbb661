import { exportVectors } from '#engine/runs/exportVectors.ts'
import { wordNeighbours } from '#engine/runs/wordNeighbours.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const embeddingHandlers = ({ session }: HandlerContext): HandlersOf<'embedding'> => {
  async function directoriesOf(name: string) {
    const { store, recipes } = await session.project.stored(name)
    return {
      vocabulary: await store.whole('vocabulary', recipes.vocabulary.id),
      embedding: await store.whole('embedding', recipes.embedding.id),
    }
  }

  return {
    'embedding.export': async ({ experiment, file, binary }) =>
      exportVectors(await directoriesOf(experiment), file, binary),
    'embedding.neighbours': async ({ experiment, word, count }) =>
      wordNeighbours(await directoriesOf(experiment), word, count),
  }
}
