import type { Experiment } from '#protocol/experiment.ts'
import { withProjectLock } from '#engine/runs/projectLock.ts'
import type { ExperimentRecipes } from '#engine/runs/recipes.ts'
import type { Project } from './project.ts'

/**
 * Works on an experiment under the project's lock, with recipes by the corpus files as they are now.
 * @param work gets a signal that is aborted as `signal` is, and when the lock is lost
 * @param save takes an experiment into the project: under the lock, so that a second program that has to wait changes nothing
 */
export async function lockedExperiment(
  project: Project,
  experiment: Experiment,
  signal: AbortSignal,
  save: () => Promise<unknown>,
  work: (recipes: ExperimentRecipes, whileLocked: AbortSignal) => Promise<void>,
): Promise<void> {
  await withProjectLock(project.directory, signal, async (whileLocked) => {
    await project.store.sweep()
    project.forgetHashes()
    const recipes = await project.recipes(experiment, whileLocked)
    await save()
    await project.keepHashes()
    await work(recipes, whileLocked)
  })
}
