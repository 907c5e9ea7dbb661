import { EngineError } from '#protocol/errors.ts'
import { describeModel, type ModelSettings } from '#protocol/models/models.ts'
import type { Replay, RunAttention } from '#protocol/runs.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import type { ArtefactStore } from '#engine/runs/artefactStore.ts'
import { attendRun } from '#engine/runs/attendRun.ts'
import { corpusOfRun } from '#engine/runs/corpusOfRun.ts'
import type { Points } from '#engine/geo/points.ts'
import { assignPlaces } from '#engine/runs/labelMap.ts'
import { readEpochMetrics } from '#engine/runs/epochMetrics.ts'
import { planExperiment } from '#engine/runs/planExperiment.ts'
import { readPredictions } from '#engine/runs/predictions.ts'
import { exportModel } from '#engine/runs/exportModel.ts'
import { replayRun } from '#engine/runs/replayRun.ts'
import { jobContext } from '../jobContext.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

type Sharing = Pick<HandlerContext, 'session' | 'jobs'>

export const runHandlers = ({ session, jobs }: Sharing): HandlersOf<'run'> => ({
  ...replayHandlers({ session, jobs }),
  ...attentionHandlers({ session, jobs }),
  async 'run.metrics'({ run }) {
    const { store } = session.project
    const { settings } = (await store.manifest('run', run)).recipe as { settings: ModelSettings }
    return describeModel(settings).hasCurve ? readEpochMetrics(await store.whole('run', run)) : []
  },
  async 'run.errors'({ run }, left) {
    const { project } = session
    const predictions = await readPredictions(await project.store.whole('run', run), 'test')
    const summary = (await project.view(left)).runs.find(({ id }) => id === run)
    if (!summary) throw noExperiment(run)
    return {
      run: summary,
      documents: predictions.rows.length,
      rows: predictions.rows,
      errorKm: predictions.errorKm,
      labels: predictions.label,
      guessedLabels: await labelsOfPlaces(project.store, run, predictions.guess),
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
  async 'run.export'({ run, form, directory }) {
    return exportModel(session.project.store, run, form, directory)
  },
  async 'run.predict'({ run, text, ...options }) {
    return (await session.project.predictor(run)).predict(text, quietContext.signal, options)
  },
})

function replayHandlers({ session, jobs }: Sharing): Pick<HandlersOf<'run'>, 'run.replay' | 'run.replayed'> {
  /** The last verdict, until it is fetched. */
  let last: { job: string; replay: Replay } | null = null
  return {
    async 'run.replay'({ run }, left) {
      const { project } = session
      const summary = (await project.view(left)).runs.find(({ id }) => id === run)
      if (!summary) throw noExperiment(run)
      const stored = await project.stored(summary.experiment)
      const step = (await planExperiment(stored)).find(({ kind, id }) => kind === 'run' && id === run)!
      return {
        job: jobs.start(async (job) => {
          const context = jobContext(job, 'training', `${step.title}, again`)
          last = { job: job.id, replay: await replayRun(stored, step, context) }
        }),
      }
    },
    'run.replayed'({ job }) {
      if (last?.job === job) return Promise.resolve(last.replay)
      return Promise.reject(new EngineError('run/no-replay', `There is no verdict of ${job}. Replay the run again.`))
    },
  }
}

function attentionHandlers({ session, jobs }: Sharing): Pick<HandlersOf<'run'>, 'run.attend' | 'run.attention'> {
  /** The last answer, until it is fetched. */
  let last: { job: string; attention: RunAttention } | null = null
  return {
    async 'run.attend'({ run }) {
      const { store } = session.project
      const corpus = await corpusOfRun(store, run)
      const job = jobs.start(async (running) => {
        const context = jobContext(running, 'evaluation', 'Attention of the test documents')
        last = { job: running.id, attention: await attendRun(store, run, corpus, context) }
      })
      return { job }
    },
    'run.attention'({ job }) {
      if (last?.job === job) return Promise.resolve(last.attention)
      return Promise.reject(
        new EngineError('run/attention-gone', `There is no attention of ${job}. Read the test documents again.`),
      )
    },
  }
}

const noExperiment = (run: string) =>
  new EngineError(
    'run/no-experiment',
    `Run ${run} belongs to no experiment of this project. Restore its experiment file, or choose a run that is listed.`,
  )

/**
 * The labels in whose territories places lie; null where the run knows none. The label that a document is put in need not be its
 * most probable one.
 */
async function labelsOfPlaces(store: ArtefactStore, run: string, places: Points): Promise<Int32Array | null> {
  const { labels } = (await store.manifest('run', run)).recipe as { labels?: string }
  return labels === undefined ? null : assignPlaces(await store.whole('labels', labels), places, quietContext)
}

function interleave(lon: Float64Array, lat: Float64Array): Float32Array {
  return Float32Array.from({ length: 2 * lon.length }, (_, i) => (i % 2 === 0 ? lon[i >> 1]! : lat[i >> 1]!))
}
