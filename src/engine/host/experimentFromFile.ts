import { readExperimentFile, saveExperiment } from '#engine/runs/experimentFile.ts'
import type { ExperimentOfJob } from './lockedExperiment.ts'
import type { Session } from './session.ts'

/** An experiment's file and the project that it is taken into: under the lock, by the job that needs it there. */
export async function experimentFromFile(session: Session, file: string, directory: string): Promise<ExperimentOfJob> {
  const experiment = await readExperimentFile(file)
  const project = await session.openOrCreate(directory)
  return { project, experiment, save: () => saveExperiment(project.directory, experiment) }
}
