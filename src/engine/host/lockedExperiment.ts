import type { Experiment } from '#protocol/experiment.ts'
import { withProjectLock } from '#engine/runs/projectLock.ts'
import type { StoredExperiment } from '#engine/runs/storedExperiment.ts'
import type { Job } from './jobs.ts'
import type { Project } from './project.ts'

/** An experiment that a job works on. */
export interface ExperimentOfJob {
  project: Project
  experiment: Experiment
  /** Takes the experiment into the project: under the lock, so that a second program that has to wait changes nothing. */
  save?: () => Promise<unknown>
}

/**
 * Works on an experiment under the project's lock, with recipes by the corpus files as they are now.
 * @param work gets the job with a signal that is aborted when the job is cancelled, and when the lock is lost
 */
export async function lockedExperiment(
  { project, experiment, save }: ExperimentOfJob,
  job: Job,
  work: (stored: StoredExperiment, job: Job) => Promise<void>,
): Promise<void> {
  await withProjectLock(project.directory, job.signal, async (signal) => {
    await project.store.sweep()
    project.forgetHashes()
    const stored = await project.storedAs(experiment, signal)
    await save?.()
    await project.keepHashes()
    await work(stored, { ...job, signal })
  })
}
