import type { Experiment } from '#protocol/experiment.ts'
import { lockProject } from '#engine/runs/projectLock.ts'
import type { ExperimentRecipes } from '#engine/runs/recipes.ts'
import type { Session } from './session.ts'

/**
 * Works on an experiment under the project's lock, with recipes by the corpus files as they are now.
 * @param save takes an experiment into the project: under the lock, so that a second program that has to wait changes nothing
 */
export async function lockedExperiment(
  session: Session,
  experiment: Experiment,
  signal: AbortSignal,
  save: () => Promise<unknown>,
  work: (recipes: ExperimentRecipes) => Promise<void>,
): Promise<void> {
  const unlock = await lockProject(session.directory)
  try {
    await session.store.sweep()
    session.forgetHashes()
    const recipes = await session.recipes(experiment, signal)
    await save()
    await session.keepHashes()
    await work(recipes)
  } finally {
    await unlock()
  }
}
