import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withDevice } from './deviceLock.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'isogloss-'))))
afterEach(() => rm(folder, { recursive: true }))

const gpu = { gpu: { name: 'Test GPU', memoryMiB: 1 } }

/** Two runs that note when each works: every beginning is followed by its own end, or not. */
async function overlap(device: { gpu: { name: string; memoryMiB: number } | null }) {
  const events: string[] = []
  const notes: string[] = []
  const context = { signal: new AbortController().signal, note: (message: string) => void notes.push(message) }
  const run = (name: string) =>
    withDevice(
      device,
      context,
      async () => {
        events.push(`${name} begins`)
        await new Promise((resolve) => setTimeout(resolve, 100))
        events.push(`${name} ends`)
      },
      folder,
    )
  await Promise.all([run('a'), run('b')])
  return {
    alternating: events.every((event, i) => i % 2 === 0 || event.split(' ')[0] === events[i - 1]!.split(' ')[0]),
    notes,
  }
}

describe('withDevice', () => {
  it('lets one run at a time use a GPU, and says whom the other waits for', async () => {
    const { alternating, notes } = await overlap(gpu)
    expect(alternating).toBe(true)
    expect(notes).toEqual([`Another run (process ${process.pid}) uses Test GPU; this one waits for it.`])
  })

  it('leaves runs on the processor alone', async () => {
    expect(await overlap({ gpu: null })).toEqual({ alternating: false, notes: [] })
  })

  it('stops waiting on a cancel, and gives the GPU back after a failure', async () => {
    const controller = new AbortController()
    const context = { signal: controller.signal, note: () => controller.abort() }
    await withDevice(
      gpu,
      context,
      () => expect(withDevice(gpu, context, async () => 1, folder)).rejects.toThrow(/abort/i),
      folder,
    )
    await expect(withDevice(gpu, context, () => Promise.reject(new Error('no')), folder)).rejects.toThrow('no')
    expect(await withDevice(gpu, context, async () => 2, folder)).toBe(2)
  })
})
