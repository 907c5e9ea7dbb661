import { join } from 'node:path'
import type { LabelSetSummary } from '#protocol/labelSets.ts'
import type { Plan } from '#protocol/project.ts'
import { matrixOf } from '#pure/runMatrix.ts'
import { quietContext } from '#engine/context.ts'
import { compareExperiments } from '#engine/runs/compareExperiments.ts'
import { addImportedModel } from '#engine/runs/addImportedModel.ts'
import { compareByArea } from '#engine/runs/compareByArea.ts'
import { compareExperiment } from '#engine/runs/compareExperiment.ts'
import {
  checkExperiment,
  loadExperiment,
  parseExperiment,
  saveExperiment,
  toYaml,
} from '#engine/runs/experimentFile.ts'
import { planExperiment, toPlan, type Wanted } from '#engine/runs/planExperiment.ts'
import { withMemory } from '#engine/runs/resources.ts'
import { sliceExperiment } from '#engine/runs/sliceExperiment.ts'
import type { StoredExperiment } from '#engine/runs/storedExperiment.ts'
import { readLabelSummary } from '#engine/runs/summaries.ts'
import { readSweep } from '#engine/runs/sweepExperiment.ts'
import { timePlan } from '#engine/runs/timePlan.ts'
import { experimentFromFile } from '../experimentFromFile.ts'
import { experimentJob } from '../experimentJob.ts'
import type { Project } from '../project.ts'
import { sweepJob } from '../sweepJob.ts'
import type { HandlerContext, HandlersOf } from './handlerContext.ts'

export const experimentHandlers = ({ session, jobs }: HandlerContext): HandlersOf<'experiment'> => {
  const stored = (name: string) => session.project.stored(name)

  const fromFile = (file: string, directory: string) => experimentFromFile(session, file, directory)

  return {
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
      return timedPlan(project, await project.stored(name))
    },
    async 'experiment.planFile'({ file, project: directory, until, only }) {
      const { project, experiment } = await fromFile(file, directory)
      return timedPlan(project, await project.storedAs(experiment), { until, only })
    },
    async 'experiment.run'({ name }) {
      const { project } = session
      const experiment = await project.experiment(name)
      return { job: jobs.start((job) => experimentJob({ project, experiment }, {}, job)) }
    },
    async 'experiment.runFile'({ file, project, until, only }) {
      const found = await fromFile(file, project)
      return {
        experiment: found.experiment.name,
        job: jobs.start((job) => experimentJob(found, { until, only }, job)),
      }
    },
    async 'experiment.importPredictions'({ name, model, file }) {
      const { project } = session
      const { yaml, experiment } = await loadExperiment(project.directory, name)
      const changed = addImportedModel(yaml, experiment, { name: model, file })
      const parsed = parseExperiment(changed, join(project.directory, 'experiments'))
      const save = () => saveExperiment(project.directory, parsed, changed)
      return {
        job: jobs.start((job) =>
          experimentJob({ project, experiment: parsed, save }, { only: [model] }, job).catch(async (error: unknown) => {
            // A table that does not fit the corpus leaves no trace in the experiment.
            await saveExperiment(project.directory, experiment, yaml)
            throw error
          }),
        ),
      }
    },
    async 'experiment.sweep'({ name, ...request }) {
      const { project } = session
      const experiment = await project.experiment(name)
      return { job: jobs.start((job) => sweepJob({ project, experiment }, request, job)) }
    },
    async 'experiment.sweepFile'({ file, project, ...request }) {
      const found = await fromFile(file, project)
      return { experiment: found.experiment.name, job: jobs.start((job) => sweepJob(found, request, job)) }
    },
    'experiment.sweepResult': async ({ name }) => readSweep(await stored(name)),
    async 'experiment.runs'({ name }) {
      const { project } = session
      return project.runsOf(await project.experiment(name))
    },
    'experiment.comparison': async ({ name }) => compareExperiment(await stored(name), quietContext),
    async 'experiment.across'({ names }) {
      const found: StoredExperiment[] = []
      for (const name of new Set(names)) found.push(await stored(name))
      return compareExperiments(found, quietContext)
    },
    'experiment.areaDifferences': async ({ name }) => compareByArea(await stored(name), quietContext),
    'experiment.slices': async ({ name, column }) => sliceExperiment(await stored(name), column),
    async 'experiment.labelSets'({ name }) {
      const { project } = session
      const experiment = await project.experiment(name)
      const summaries: LabelSetSummary[] = []
      for (const labels of matrixOf(experiment).labels) {
        summaries.push(await readLabelSummary(await project.labelsDirectory(experiment, labels), labels))
      }
      return summaries
    },
  }
}

async function timedPlan(project: Project, stored: StoredExperiment, wanted?: Wanted): Promise<Plan> {
  const steps = await withMemory(stored, await planExperiment(stored, wanted))
  return toPlan(stored.experiment, await timePlan(stored, steps, await project.mayReadCorpus(stored.experiment)))
}
