import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { MethodName, Methods, Result } from '#protocol/methods.ts'
import type { Experiment } from '#protocol/experiment.ts'
import type { EpochMetrics, Plan, LabelSetSummary } from '#protocol/results.ts'
import { doctor } from '#engine/compute/doctor.ts'
import { quietContext } from '#engine/context.ts'
import { expandFiles } from '#engine/files/expandFiles.ts'
import { previewImport } from '#engine/corpus/import/previewImport.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { generateSample } from '#engine/corpus/sample/generateSample.ts'
import { artefactKinds, type ArtefactKind } from '#engine/runs/artefactStore.ts'
import { compareExperiment } from '#engine/runs/compareExperiment.ts'
import { exportVectors } from '#engine/runs/exportVectors.ts'
import { loadExperiment, matrixOf, parseExperiment, readExperimentFile, saveExperiment, toYaml, withFoundCorpusFiles } from '#engine/runs/experimentFile.ts'
import { readLabelMap, readLabelSummary, readTerritories } from '#engine/runs/labelMap.ts'
import { loadMachineProfile } from '#engine/runs/machineProfile.ts'
import { measureMachine } from '#engine/runs/measureMachine.ts'
import { planExperiment, toPlan, type Until } from '#engine/runs/planExperiment.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import { readPredictions } from '#engine/runs/predictions.ts'
import { readCorpusReading } from '#engine/runs/corpusReading.ts'
import { readRejectedRows } from '#engine/runs/rejectedRows.ts'
import { sliceExperiment } from '#engine/runs/sliceExperiment.ts'
import { readSweep } from '#engine/runs/sweepExperiment.ts'
import { timePlan } from '#engine/runs/timePlan.ts'
import { wordNeighbours } from '#engine/runs/wordNeighbours.ts'
import type { z } from 'zod'
import { experimentJob } from './experimentJob.ts'
import { importJob } from './importJob.ts'
import { jobContext } from './jobContext.ts'
import { Jobs, type Emit } from './jobs.ts'
import { Session } from './session.ts'
import { sweepJob } from './sweepJob.ts'

type Handlers = { [Name in MethodName]: (params: z.output<Methods[Name]['params']>) => Promise<Result<Name>> }

/** The engine's answers, method by method: each names the part that does the work. */
export function createHandlers(emit: Emit): { handlers: Handlers; jobs: Jobs; deviceName(): string } {
  const session = new Session()
  const jobs = new Jobs(emit)
  let device = 'not loaded yet'

  /** Work that changes a project outside of a job. */
  async function locked<T>(work: () => Promise<T>): Promise<T> {
    if (jobs.busy) throw new EngineError('job/busy', 'A job is running on this project. Wait for it or cancel it first.')
    const unlock = await lockProject(session.directory)
    try {
      return await work()
    } finally {
      await unlock()
    }
  }

  async function timedPlan(experiment: Experiment, until?: Until): Promise<Plan> {
    const recipes = await session.recipes(experiment)
    const steps = await planExperiment(experiment, recipes, session.store, until)
    return toPlan(experiment, await timePlan(experiment, recipes, session.store, steps))
  }

  const comparisonOf = async (name: string) => {
    const experiment = await session.experiment(name)
    return compareExperiment(session.directory, session.store, experiment, await session.recipes(experiment), quietContext)
  }

  const handlers: Handlers = {
    'project.create': ({ directory, name }) => session.create(directory, name),
    'project.open': ({ directory }) => session.open(directory),
    'project.view': () => session.view(),
    'project.lastExperiment': async () => ({ name: (await session.file()).lastExperiment }),
    async 'project.close'() {
      await jobs.stop()
      session.close()
      return null
    },

    'corpus.preview': async ({ files, ...settings }) => previewImport(await expandFiles(files), settings),
    async 'corpus.import'({ corpus }) {
      const found = await withFoundCorpusFiles(corpus)
      return { job: jobs.start((job, signal) => importJob(session, found, job, signal, emit)) }
    },
    async 'corpus.reading'({ corpus }) {
      await session.store.manifest('corpus', corpus)
      return readCorpusReading(session.store.place('corpus', corpus))
    },
    async 'corpus.rejected'({ corpus }) {
      await session.store.manifest('corpus', corpus)
      return readRejectedRows(session.store.place('corpus', corpus))
    },
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

    'experiment.read': ({ name }) => loadExperiment(session.directory, name),
    async 'experiment.save'({ yaml }) {
      const experiment = parseExperiment(yaml, join(session.directory, 'experiments'))
      await saveExperiment(session.directory, experiment, yaml)
      return { name: experiment.name, experiment }
    },
    async 'experiment.complete'({ input }) {
      const experiment = parseExperiment(JSON.stringify(input), join(session.directory, 'experiments'))
      return { yaml: toYaml(experiment), experiment }
    },
    async 'experiment.plan'({ name }) {
      const experiment = await session.experiment(name)
      return timedPlan(experiment)
    },
    async 'experiment.planFile'({ file, project, until }) {
      const experiment = await readExperimentFile(file)
      await session.openOrCreate(project)
      return timedPlan(experiment, until)
    },
    async 'experiment.run'({ name }) {
      const experiment = await session.experiment(name)
      return { job: jobs.start((job, signal) => experimentJob(session, experiment, 'evaluation', job, signal, emit)) }
    },
    async 'experiment.runFile'({ file, project, until }) {
      const experiment = await readExperimentFile(file)
      await session.openOrCreate(project)
      return {
        experiment: experiment.name,
        job: jobs.start((job, signal) =>
          experimentJob(session, experiment, until ?? 'evaluation', job, signal, emit, () => saveExperiment(session.directory, experiment)),
        ),
      }
    },
    async 'experiment.sweep'({ name, ...request }) {
      const experiment = await session.experiment(name)
      return { job: jobs.start((job, signal) => sweepJob(session, experiment, request, job, signal, emit)) }
    },
    async 'experiment.sweepFile'({ file, project, ...request }) {
      const experiment = await readExperimentFile(file)
      await session.openOrCreate(project)
      return {
        experiment: experiment.name,
        job: jobs.start((job, signal) =>
          sweepJob(session, experiment, request, job, signal, emit, () => saveExperiment(session.directory, experiment)),
        ),
      }
    },
    async 'experiment.sweepResult'({ name }) {
      const experiment = await session.experiment(name)
      return readSweep(session.directory, experiment, await session.recipes(experiment))
    },
    'experiment.runs': async ({ name }) => session.runsOf(await session.experiment(name)),
    'experiment.comparison': ({ name }) => comparisonOf(name),
    async 'experiment.slices'({ name, column }) {
      const experiment = await session.experiment(name)
      return sliceExperiment(session.store, experiment.name, await session.recipes(experiment), column)
    },
    async 'experiment.labelSets'({ name }) {
      const experiment = await session.experiment(name)
      const summaries: LabelSetSummary[] = []
      for (const labels of matrixOf(experiment).labels) {
        summaries.push(await readLabelSummary(await session.labelsDirectory(experiment, labels), labels))
      }
      return summaries
    },
    async 'labels.map'({ experiment: name, labels }) {
      const experiment = await session.experiment(name)
      const { corpus } = await session.recipes(experiment)
      return readLabelMap(await session.labelsDirectory(experiment, labels), labels, session.store.place('corpus', corpus.id))
    },

    async 'labels.geoJson'({ experiment: name, labels }) {
      const experiment = await session.experiment(name)
      const { corpus } = await session.recipes(experiment)
      return { geoJson: await readTerritories(await session.labelsDirectory(experiment, labels), session.store.place('corpus', corpus.id)) }
    },
    'embedding.export': async ({ experiment, file, binary }) => exportVectors(await vectorDirectories(experiment), file, binary),
    'embedding.neighbours': async ({ experiment, word, count }) => wordNeighbours(await vectorDirectories(experiment), word, count),

    async 'job.cancel'({ job }) {
      jobs.cancel(job)
      return null
    },

    async 'run.metrics'({ run }) {
      await session.store.manifest('run', run)
      const text = await readFile(join(session.store.place('run', run), 'metrics.jsonl'), 'utf8')
      return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as EpochMetrics)
    },
    async 'run.errors'({ run }) {
      const predictions = await readPredictions(await runDirectory(run), 'test')
      const view = (await session.view()).runs.find(({ id }) => id === run)
      return {
        run: view ?? { id: run, experiment: '', labels: '', model: '', seed: 0, status: 'finished' },
        documents: predictions.rows.length,
        rows: predictions.rows,
        errorKm: predictions.errorKm,
        trueLonLat: interleave(predictions.truth.lon, predictions.truth.lat),
        guessLonLat: interleave(predictions.guess.lon, predictions.guess.lat),
      }
    },
    async 'run.document'({ run, row }) {
      const corpus = await openCorpus(session.store.place('corpus', await corpusOfRun(run)))
      try {
        return await corpus.document(row)
      } finally {
        corpus.close()
      }
    },
    async 'run.predict'({ run, text }) {
      return (await session.predictor(run)).predict(text, quietContext.signal)
    },

    'artefact.delete': ({ kind, id }) =>
      locked(async () => {
        if (!(artefactKinds as string[]).includes(kind) || !/^[0-9a-f]{16}$/.test(id)) {
          throw new EngineError('artefact/unknown', `There is no artefact ${kind} ${id}; kinds are ${artefactKinds.join(', ')}.`)
        }
        await session.store.remove(kind as ArtefactKind, id)
        return session.view()
      }),
    async doctor() {
      const report = await doctor()
      device = report.device.gpu?.name ?? report.device.backend
      return report
    },
  }

  async function vectorDirectories(experiment: string) {
    const { vocabulary, embedding } = await session.recipes(await session.experiment(experiment))
    await session.store.manifest('embedding', embedding.id)
    return { vocabulary: session.store.place('vocabulary', vocabulary.id), embedding: session.store.place('embedding', embedding.id) }
  }

  async function runDirectory(run: string): Promise<string> {
    await session.store.manifest('run', run)
    return session.store.place('run', run)
  }

  /** The corpus behind a run, by the recipes from the run back. */
  async function corpusOfRun(run: string): Promise<string> {
    const { labels } = (await session.store.manifest('run', run)).recipe as { labels: string }
    return ((await session.store.manifest('labels', labels)).recipe as { corpus: string }).corpus
  }

  return { handlers, jobs, deviceName: () => device }
}

function interleave(lon: Float64Array, lat: Float64Array): Float32Array {
  return Float32Array.from({ length: 2 * lon.length }, (_, i) => (i % 2 === 0 ? lon[i >> 1]! : lat[i >> 1]!))
}
