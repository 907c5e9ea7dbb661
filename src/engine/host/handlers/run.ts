import { EngineError } from '#protocol/errors.ts'
import { describeModel, type ModelSettings } from '#protocol/models/models.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import type { ArtefactStore } from '#engine/runs/artefactStore.ts'
import { readEpochMetrics } from '#engine/runs/epochMetrics.ts'
import { readPredictions } from '#engine/runs/predictions.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const runHandlers = ({ session }: HandlerContext): HandlersOf<'run'> => ({
  async 'run.metrics'({ run }) {
    const { store } = session.project
    const { settings } = (await store.manifest('run', run)).recipe as { settings: ModelSettings }
    return describeModel(settings).hasCurve ? readEpochMetrics(await store.whole('run', run)) : []
  },
  async 'run.errors'({ run }, left) {
    const { project } = session
    const predictions = await readPredictions(await project.store.whole('run', run), 'test')
    const summary = (await project.view(left)).runs.find(({ id }) => id === run)
    if (!summary)
      throw new EngineError(
        'run/no-experiment',
        `Run ${run} belongs to no experiment of this project. Restore its experiment file, or choose a run that is listed.`,
      )
    return {
      run: summary,
      documents: predictions.rows.length,
      rows: predictions.rows,
      errorKm: predictions.errorKm,
      trueLonLat: interleave(predictions.truth.lon, predictions.truth.lat),
      guessLonLat: interleave(predictions.guess.lon, predictions.guess.lat),
    }
  },
  async 'run.document'({ run, row }) {
    const { store } = session.project
    const corpus = await openCorpus(await store.whole('corpus', await corpusOfRun(store, run)))
    try {
      return await corpus.document(row)
    } finally {
      corpus.close()
    }
  },
  async 'run.predict'({ run, text }) {
    return (await session.project.predictor(run)).predict(text, quietContext.signal)
  },
})

/** The corpus behind a run, by the recipes from the run back. */
async function corpusOfRun(store: ArtefactStore, run: string): Promise<string> {
  const { labels, vocabulary, corpus } = (await store.manifest('run', run)).recipe as {
    labels?: string
    vocabulary?: string
    corpus?: string
  }
  if (corpus !== undefined) return corpus
  const [kind, id] = labels === undefined ? (['vocabulary', vocabulary!] as const) : (['labels', labels] as const)
  return ((await store.manifest(kind, id)).recipe as { corpus: string }).corpus
}

function interleave(lon: Float64Array, lat: Float64Array): Float32Array {
  return Float32Array.from({ length: 2 * lon.length }, (_, i) => (i % 2 === 0 ? lon[i >> 1]! : lat[i >> 1]!))
}
