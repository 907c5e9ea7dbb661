import { EngineError } from '#protocol/errors.ts'
import type { Experiment } from '#protocol/experiment.ts'
import { shareProject, type SharedProject } from '#engine/runs/projectLock.ts'
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

/** A job whose experiment is in the project, beside other tasks that work there. */
export interface SharedJob extends Job {
  briefly: SharedProject['briefly']
}

/**
 * Works on an experiment beside other tasks of the project, with recipes by the corpus files as they are now. What killed
 * stages left is swept away where no other task is there.
 * @param work gets the job with a signal that is aborted when the job is cancelled, and when the lock is lost
 */
export async function lockedExperiment(
  { project, experiment, save }: ExperimentOfJob,
  job: Job,
  work: (stored: StoredExperiment, job: SharedJob) => Promise<void>,
): Promise<void> {
  const sweep = async (alone: boolean) => {
    if (alone) await project.store.sweep()
  }
  await shareProject(project.directory, job.signal, sweep, async ({ signal, briefly }) => {
    project.forgetHashes()
    const stored = await project.storedAs(experiment, signal)
    await briefly(async (alone) => {
      if (save && !alone) await requireSame(project, experiment)
      await save?.()
      await project.keepHashes()
    })
    await work(stored, { ...job, signal, briefly })
  })
}

/**
 * Beside other tasks an experiment is not changed: they may be running it.
 * @throws EngineError 'project/locked'
 */
async function requireSame(project: Project, experiment: Experiment): Promise<void> {
  const known = await project.experiment(experiment.name).catch(() => null)
  if (known === null || JSON.stringify(known) === JSON.stringify(experiment)) return
  throw new EngineError(
    'project/locked',
    `Another program works on ${project.directory}, where the experiment "${experiment.name}" says something else, so it was not changed. Wait for the other program, or give this experiment a name of its own.`,
  )
}
