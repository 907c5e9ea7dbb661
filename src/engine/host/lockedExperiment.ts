import type { Experiment } from '#protocol/experiment.ts'
import { withProjectLock } from '#engine/runs/projectLock.ts'
import type { ExperimentRecipes } from '#engine/runs/recipes.ts'
import type { Session } from './session.ts'

/**
 * Works on an experiment under the project's lock, with recipes by the corpus files as they are now.
 * @param work gets a signal that is aborted as `signal` is, and when the lock is lost
 * @param save takes an experiment into the project: under the lock, so that a second program that has to wait changes nothing
 */
export async function lockedExperiment(
  session: Session,
  experiment: Experiment,
  signal: AbortSignal,
  save: () => Promise<unknown>,
  work: (recipes: ExperimentRecipes, whileLocked: AbortSignal) => Promise<void>,
): Promise<void> {
  await withProjectLock(session.directory, signal, async (whileLocked) => {
    await session.store.sweep()
    session.forgetHashes()
    const recipes = await session.recipes(experiment, whileLocked)
    await save()
    await session.keepHashes()
    await work(recipes, whileLocked)
  })
}
