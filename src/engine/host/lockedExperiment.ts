import type { Experiment } from '#protocol/experiment.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import type { ExperimentRecipes } from '#engine/runs/recipes.ts'
import type { Project } from './project.ts'

/**
 * Works on an experiment under the project's lock, with recipes by the corpus files as they are now.
 * @param save takes an experiment into the project: under the lock, so that a second program that has to wait changes nothing
 */
export async function lockedExperiment(
  project: Project,
  experiment: Experiment,
  signal: AbortSignal,
  save: () => Promise<unknown>,
  work: (recipes: ExperimentRecipes) => Promise<void>,
): Promise<void> {
  const unlock = await lockProject(project.directory)
  try {
    await project.store.sweep()
    project.forgetHashes()
    const recipes = await project.recipes(experiment, signal)
    await save()
    await project.keepHashes()
    await work(recipes)
  } finally {
    await unlock()
  }
}
