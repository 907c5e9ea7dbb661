import { join, resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { MethodName, Methods, Result } from '#protocol/methods.ts'
import type { Experiment } from '#protocol/experiment.ts'
import { describeModel, type ModelSettings } from '#protocol/models/models.ts'
import type { Plan, LabelSetSummary } from '#protocol/results.ts'
import { matrixOf } from '#pure/runMatrix.ts'
import { doctor } from './doctor.ts'
import { quietContext } from '#engine/context.ts'
import { previewImport } from '#engine/corpus/import/previewImport.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'
import type { ArtefactStore } from '#engine/runs/artefactStore.ts'
import { compareExperiment } from '#engine/runs/compareExperiment.ts'
import { readEpochMetrics } from '#engine/runs/epochMetrics.ts'
import { exportVectors } from '#engine/runs/exportVectors.ts'
import { checkExperiment, loadExperiment, parseExperiment, readExperimentFile, saveExperiment, toYaml } from '#engine/runs/experimentFile.ts'
import { readLabelMap, readTerritories } from '#engine/runs/labelMap.ts'
import { loadMachineProfile } from '#engine/runs/machineProfile.ts'
import { artefactId, artefactKinds, type ArtefactKind } from '#engine/runs/manifest.ts'
import { measureMachine } from '#engine/runs/measureMachine.ts'
import { planExperiment, toPlan, type Until } from '#engine/runs/planExperiment.ts'
import { lockProject, unlockProject } from '#engine/runs/projectLock.ts'
import { readPredictions } from '#engine/runs/predictions.ts'
import { readRejectedRows } from '#engine/runs/rejectedRows.ts'
import { sliceExperiment } from '#engine/runs/sliceExperiment.ts'
import { readSweep } from '#engine/runs/sweepExperiment.ts'
import { readLabelSummary } from '#engine/runs/summaries.ts'
import { timePlan } from '#engine/runs/timePlan.ts'
import { wordNeighbours } from '#engine/runs/wordNeighbours.ts'
import type { z } from 'zod'
import { experimentJob } from './experimentJob.ts'
import { importJob } from './importJob.ts'
import { jobContext } from './jobContext.ts'
import { Jobs, type Emit } from './jobs.ts'
import type { Project } from './project.ts'
import { Session } from './session.ts'
import { sweepJob } from './sweepJob.ts'
import { verifyJob } from './verifyJob.ts'

/** `left` is aborted as soon as the client asks for another project, or closes this one. */
type Handlers = { [Name in MethodName]: (params: z.output<Methods[Name]['params']>, left: AbortSignal) => Promise<Result<Name>> }

/** The engine's answers, method by method: each names the part that does the work. */
export function createHandlers(emit: Emit): { handlers: Handlers; jobs: Jobs; deviceName(): string } {
  const session = new Session()
  const jobs = new Jobs(emit)
  let device = 'not loaded yet'

  /** Work that changes a project outside of a job. */
  async function locked<T>({ directory }: Project, work: () => Promise<T>): Promise<T> {
    if (jobs.busy) throw new EngineError('job/busy', 'A job is running on this project. Wait for it or cancel it first.')
    const unlock = await lockProject(directory)
    try {
      return await work()
    } finally {
      await unlock()
    }
  }

  async function timedPlan(project: Project, experiment: Experiment, until?: Until): Promise<Plan> {
    const recipes = await project.recipes(experiment)
    const steps = await planExperiment(experiment, recipes, project.store, until)
    return toPlan(experiment, await timePlan(experiment, recipes, project.store, steps))
  }

  const handlers: Handlers = {
    'project.create': ({ directory, name }, left) => session.create(directory, name, left),
    'project.open': ({ directory }, left) => session.open(directory, left),
    'project.unlock': ({ directory, force }) => unlockProject(resolve(directory), force),
    'project.view': async (_params, left) => session.project.view(left),
    'project.lastExperiment': async () => ({ name: (await session.project.file()).lastExperiment }),
    async 'project.verify'() {
      const { project } = session
      return { job: jobs.start((job, signal) => verifyJob(project, job, signal, emit)) }
    },
    'project.verification': async () => session.project.verification,
    async 'project.close'() {
      await jobs.stop()
      session.close()
      return null
    },

    'corpus.preview': ({ files, format, columns }) => previewImport({ files, format, columns }),
    async 'corpus.import'({ corpus }) {
      const { project } = session
      return { job: jobs.start((job, signal) => importJob(project, corpus, job, signal, emit)) }
    },
    'corpus.rejected': async ({ corpus }) => readRejectedRows(await session.project.store.whole('corpus', corpus)),
    'sample.generate': async ({ directory, authors, seed }) => ({
      job: jobs.start(async (job, signal) => {
        await generateSample({ directory, authors, seed }, jobContext(emit, job, signal, 'import', 'Make the sample corpus'))
      }),
    }),
    'machine.measure': async () => ({
      job: jobs.start(async (job, signal) => {
        await measureMachine(jobContext(emit, job, signal, 'training', 'Measure the machine'))
      }),
    }),
    'machine.profile': () => loadMachineProfile(),

    'experiment.read': async ({ name }) => loadExperiment(session.project.directory, name),
    async 'experiment.save'({ yaml }) {
      const { directory } = session.project
      const experiment = parseExperiment(yaml, join(directory, 'experiments'))
      await saveExperiment(directory, experiment, yaml)
      return { name: experiment.name, experiment }
    },
    async 'experiment.complete'({ input }) {
      const experiment = checkExperiment(input, join(session.project.directory, 'experiments'))
      return { yaml: toYaml(experiment), experiment }
    },
    async 'experiment.plan'({ name }) {
      const { project } = session
      return timedPlan(project, await project.experiment(name))
    },
    async 'experiment.planFile'({ file, project: directory, until }) {
      const experiment = await readExperimentFile(file)
      return timedPlan(await session.openOrCreate(directory), experiment, until)
    },
    async 'experiment.run'({ name }) {
      const { project } = session
      const experiment = await project.experiment(name)
      return { job: jobs.start((job, signal) => experimentJob(project, experiment, 'evaluation', job, signal, emit)) }
    },
    async 'experiment.runFile'({ file, project: directory, until }) {
      const experiment = await readExperimentFile(file)
      const project = await session.openOrCreate(directory)
      return {
        experiment: experiment.name,
        job: jobs.start((job, signal) =>
          experimentJob(project, experiment, until ?? 'evaluation', job, signal, emit, () => saveExperiment(project.directory, experiment)),
        ),
      }
    },
    async 'experiment.sweep'({ name, ...request }) {
      const { project } = session
      const experiment = await project.experiment(name)
      return { job: jobs.start((job, signal) => sweepJob(project, experiment, request, job, signal, emit)) }
    },
    async 'experiment.sweepFile'({ file, project: directory, ...request }) {
      const experiment = await readExperimentFile(file)
      const project = await session.openOrCreate(directory)
      return {
        experiment: experiment.name,
        job: jobs.start((job, signal) =>
          sweepJob(project, experiment, request, job, signal, emit, () => saveExperiment(project.directory, experiment)),
        ),
      }
    },
    async 'experiment.sweepResult'({ name }) {
      const { project } = session
      const experiment = await project.experiment(name)
      return readSweep(project.directory, experiment, await project.recipes(experiment))
    },
    async 'experiment.runs'({ name }) {
      const { project } = session
      return project.runsOf(await project.experiment(name))
    },
    async 'experiment.comparison'({ name }) {
      const { project } = session
      const experiment = await project.experiment(name)
      return compareExperiment(project.directory, project.store, experiment, await project.recipes(experiment), quietContext)
    },
    async 'experiment.slices'({ name, column }) {
      const { project } = session
      const experiment = await project.experiment(name)
      return sliceExperiment(project.store, experiment, await project.recipes(experiment), column)
    },
    async 'experiment.labelSets'({ name }) {
      const { project } = session
      const experiment = await project.experiment(name)
      const summaries: LabelSetSummary[] = []
      for (const labels of matrixOf(experiment).labels) {
        summaries.push(await readLabelSummary(await project.labelsDirectory(experiment, labels), labels))
      }
      return summaries
    },
    async 'labels.map'({ experiment: name, labels }) {
      const { project } = session
      const experiment = await project.experiment(name)
      const { corpus } = await project.recipes(experiment)
      return readLabelMap(await project.labelsDirectory(experiment, labels), labels, await project.store.whole('corpus', corpus.id))
    },

    async 'labels.geoJson'({ experiment: name, labels }) {
      const { project } = session
      const experiment = await project.experiment(name)
      const { corpus } = await project.recipes(experiment)
      return { geoJson: await readTerritories(await project.labelsDirectory(experiment, labels), await project.store.whole('corpus', corpus.id)) }
    },
    'embedding.export': async ({ experiment, file, binary }) => exportVectors(await vectorDirectories(experiment), file, binary),
    'embedding.neighbours': async ({ experiment, word, count }) => wordNeighbours(await vectorDirectories(experiment), word, count),

    async 'job.cancel'({ job }) {
      jobs.cancel(job)
      return null
    },

    async 'run.metrics'({ run }) {
      const { store } = session.project
      const { settings } = (await store.manifest('run', run)).recipe as { settings: ModelSettings }
      return describeModel(settings).hasCurve ? readEpochMetrics(await store.whole('run', run)) : []
    },
    async 'run.errors'({ run }, left) {
      const { project } = session
      const predictions = await readPredictions(await project.store.whole('run', run), 'test')
      const summary = (await project.view(left)).runs.find(({ id }) => id === run)
      if (!summary) throw new EngineError('run/no-experiment', `Run ${run} belongs to no experiment of this project. Restore its experiment file, or choose a run that is listed.`)
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

    async 'artefact.delete'({ kind, id }, left) {
      const { project } = session
      return locked(project, async () => {
        if (!(artefactKinds as readonly string[]).includes(kind) || !artefactId.test(id)) {
          throw new EngineError('artefact/unknown', `There is no artefact ${kind} ${id}; kinds are ${artefactKinds.join(', ')}.`)
        }
        await project.store.remove(kind as ArtefactKind, id)
        return project.view(left)
      })
    },
    async doctor() {
      const report = await doctor()
      device = report.device.gpu?.name ?? report.device.backend
      return report
    },
  }

  async function vectorDirectories(experiment: string) {
    const { project } = session
    const { vocabulary, embedding } = await project.recipes(await project.experiment(experiment))
    return { vocabulary: await project.store.whole('vocabulary', vocabulary.id), embedding: await project.store.whole('embedding', embedding.id) }
  }

  return { handlers, jobs, deviceName: () => device }
}

/** The corpus behind a run, by the recipes from the run back. */
async function corpusOfRun(store: ArtefactStore, run: string): Promise<string> {
  const { labels } = (await store.manifest('run', run)).recipe as { labels: string }
  return ((await store.manifest('labels', labels)).recipe as { corpus: string }).corpus
}

function interleave(lon: Float64Array, lat: Float64Array): Float32Array {
  return Float32Array.from({ length: 2 * lon.length }, (_, i) => (i % 2 === 0 ? lon[i >> 1]! : lat[i >> 1]!))
}
