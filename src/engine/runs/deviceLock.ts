import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { DeviceReport } from '#protocol/machine.ts'
import { cacheDirectory } from '#engine/compute/device.ts'
import type { StageContext } from '#engine/context.ts'
import { takeFileLock } from './fileLock.mjs'

/** A home on a network disk is the same on every machine; their GPUs are not. */
export const deviceLockName = (): string => `gpu-${hostname()}.lock`

/**
 * Does work that fills a GPU while nobody else's run does: two at once would share its memory, and each would take more
 * than twice as long. Waits for the other one, saying so. Processors are shared as they are.
 */
export async function withDevice<Value>(
  device: Pick<DeviceReport, 'gpu'>,
  context: Pick<StageContext, 'signal' | 'note'>,
  work: () => Promise<Value>,
  folder = cacheDirectory(),
): Promise<Value> {
  if (!device.gpu) return work()
  await mkdir(folder, { recursive: true })
  let told = false
  const unlock = await takeFileLock(join(folder, deviceLockName()), {
    waiting(holder) {
      context.signal.throwIfAborted()
      if (holder && !told)
        context.note(`Another run (process ${holder.processId}) uses ${device.gpu!.name}; this one waits for it.`)
      told ||= holder !== null
    },
  })
  try {
    return await work()
  } finally {
    await unlock()
  }
}
