import { conditionNameOf } from '#pure/conditionName.ts'
import { compareExperiment } from '#engine/runs/compareExperiment.ts'
import { planExperiment, type Wanted } from '#engine/runs/planExperiment.ts'
import { runExperiment } from '#engine/runs/runExperiment.ts'
import type { Job } from './jobs.ts'
import { lockedExperiment, type ExperimentOfJob } from './lockedExperiment.ts'
import { stepReporter } from './stepReporter.ts'

/** Runs an experiment's missing steps as a job: remembered as unfinished until it ends, or the last of several that work side by side. */
export async function experimentJob(of: ExperimentOfJob, wanted: Wanted, job: Job): Promise<void> {
  const { project, experiment } = of
  await lockedExperiment(of, job, async (stored, lockedJob) => {
    const { briefly } = lockedJob
    await briefly(() => project.update({ lastExperiment: experiment.name, unfinished: experiment.name }))
    const steps = await planExperiment(stored, wanted)
    await project.checkSources(experiment, steps)
    const { context, watch } = stepReporter(steps, lockedJob)
    await runExperiment(stored, steps, context, {
      ...watch,
      epoch: ({ id, labels, model, preprocess, seed }, metrics) =>
        job.emit('job.epoch', {
          job: job.id,
          run: id,
          condition: conditionNameOf(experiment, { labels: labels ?? null, model: model!, preprocess }),
          seed: seed ?? null,
          metrics,
        }),
    })
    if ((wanted.until ?? 'evaluation') === 'evaluation') await compareExperiment(stored, context)
    await briefly(async (alone) => {
      if (alone) await project.update({ unfinished: null })
    })
  })
}
