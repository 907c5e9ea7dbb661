import { EngineError } from '#protocol/errors.ts'
import { exportVectors } from '#engine/runs/exportVectors.ts'
import { wordNeighbours } from '#engine/runs/wordNeighbours.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const embeddingHandlers = ({ session }: HandlerContext): HandlersOf<'embedding'> => {
  /** @throws EngineError 'experiment/no-such-variant' where the experiment reads its texts in several ways and none of them is named */
  async function directoriesOf(name: string, preprocess: string | undefined) {
    const { store, recipes } = await session.project.stored(name)
    const words = recipes.words.get(preprocess)
    if (!words) {
      const known = [...recipes.words.keys()].filter((variant) => variant !== undefined)
      throw new EngineError(
        'experiment/no-such-variant',
        known.length > 0
          ? `"${name}" has word vectors of several variants of its texts: ${known.join(', ')}; found ${preprocess === undefined ? 'none named' : `"${preprocess}"`}. Name one of them (--preprocess).`
          : `"${name}" reads its texts in one way alone; found the variant "${preprocess}". Leave it out.`,
        { known },
      )
    }
    return {
      vocabulary: await store.whole('vocabulary', words.vocabulary.id),
      embedding: await store.whole('embedding', words.embedding.id),
    }
  }

  return {
    'embedding.export': async ({ experiment, preprocess, file, binary }) =>
      exportVectors(await directoriesOf(experiment, preprocess), file, binary),
    'embedding.neighbours': async ({ experiment, preprocess, word, count }) =>
      wordNeighbours(await directoriesOf(experiment, preprocess), word, count),
  }
}
