import { resolve } from 'node:path'
import { printResult, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

export interface UnlockOptions extends OutputOptions {
  project: string
  force?: boolean
}

/** `unlock`: takes away the lock that a dead program left on a project, or any by force. */
export async function unlock(options: UnlockOptions): Promise<void> {
  const directory = resolve(options.project)
  const result = await withEngine((engine) =>
    engine.request('project.unlock', { directory, force: options.force === true }),
  )
  printResult(options, result, () => {
    if (!result.unlocked) return `${directory} is not locked.`
    const { holder } = result
    return `Unlocked ${directory}; ${holder ? `process ${holder.processId} on ${holder.host} had it since ${holder.since}` : 'its lock was damaged'}.`
  })
}
