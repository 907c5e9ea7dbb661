import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import { takeFileLock } from './fileLock.ts'

/** How long a holder that is just going away is waited for. */
const patienceMs = 3000

/**
 * Takes the project for writing; readers need no lock, since artefacts appear whole or not at all.
 * @returns a function that gives it back
 * @throws EngineError 'project/locked' where another program works on it
 */
export function lockProject(directory: string): Promise<() => Promise<void>> {
  const deadline = Date.now() + patienceMs
  return takeFileLock(join(directory, 'lock'), (holder) => {
    if (Date.now() <= deadline) return
    throw new EngineError(
      'project/locked',
      `Another program works on ${directory}: process ${holder.processId} on ${holder.host}, since ${holder.since}. ` +
        `Wait for it or cancel it there; if that machine is gone, delete the file "lock" in the project folder.`,
      { ...holder },
    )
  })
}
