import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { takeFileLock } from './fileLock.mjs'
import type { PlannedStep } from './planExperiment.ts'

/**
 * Makes an artefact while nobody else makes the same one, in this program or in a task on another machine: waits for whoever
 * does, saying so. What a killed task left of it is removed first; other artefacts' leavings are not touched.
 * @param work gets a context whose signal is also aborted when the lock is lost
 * @throws EngineError 'artefact/lock-lost'
 */
export async function withArtefactLock<Value>(
  store: ArtefactStore,
  { kind, id, title }: Pick<PlannedStep, 'kind' | 'id' | 'title'>,
  context: StageContext,
  work: (context: StageContext) => Promise<Value>,
): Promise<Value> {
  const loss = new AbortController()
  let told = false
  const unlock = await takeFileLock(await store.lockPlace(kind, id), {
    waiting(holder) {
      context.signal.throwIfAborted()
      if (holder && !told)
        context.note(
          `"${title}" is being made by process ${holder.processId} on ${holder.host}; this one waits for it.`,
        )
      told ||= holder !== null
    },
    lost: () =>
      loss.abort(
        new EngineError(
          'artefact/lock-lost',
          `Another program took over "${title}" while this one worked on it: this machine slept for minutes, or somebody removed the lock. ` +
            'This one stopped; run again when the other one is done, and finished steps are kept.',
        ),
      ),
  })
  try {
    await store.sweepArtefact(kind, id)
    return await work({ ...context, signal: AbortSignal.any([context.signal, loss.signal]) })
  } catch (error) {
    loss.signal.throwIfAborted()
    throw error
  } finally {
    await unlock()
  }
}
