import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// node raceForLock.mjs LOCK_MODULE: takes the lock of each folder that its parent sends; answers whether it was there alone.
const { takeFileLock } = await import(/** @type {string} */ (process.argv[2]))

process.on('message', async (/** @type {string} */ folder) => {
  const unlock = await takeFileLock(join(folder, 'lock'), { waiting: () => undefined })
  const inside = join(folder, 'inside')
  const alone = await open(inside, 'wx').then(
    (file) => file.close().then(() => true),
    () => false,
  )
  await sleep(3)
  if (alone) await rm(inside)
  await unlock()
  process.send?.(alone)
})
process.send?.('ready')
