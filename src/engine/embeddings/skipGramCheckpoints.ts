import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory, writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import type { SkipGramMemory } from './skipGramMemory.ts'

/** What a memory holds beyond its matrices, between two chunks. */
interface SkipGramProgress {
  nextChunk: number
  workers: { random: number[]; done: number; losses: number[] }[]
}

export interface SkipGramCheckpoints {
  due(): boolean
  /** The workers must have stopped. */
  save(memory: SkipGramMemory): Promise<void>
  /** Puts the latest checkpoint into the memory, if there is one. */
  restore(memory: SkipGramMemory): Promise<void>
}

const intervalMs = 20_000

/** Two places in turn, so that a kill while one is written leaves the other. */
const places = ['a', 'b'] as const

export function skipGramCheckpoints(directory: string, nowMs: () => number): SkipGramCheckpoints {
  let lastMs = nowMs()
  let costMs = 0
  let next = 0

  async function read(place: string): Promise<SkipGramProgress | null> {
    const text = await readFile(join(directory, place, 'progress.json'), 'utf8').catch(() => null)
    return text === null ? null : (JSON.parse(text) as SkipGramProgress)
  }

  return {
    // Writing takes at most a twentieth of the time.
    due: () => nowMs() - lastMs > Math.max(intervalMs, 20 * costMs),

    async save({ input, output, nextChunk, workers }) {
      const startMs = nowMs()
      const place = join(directory, places[next]!)
      const temporary = `${place}.tmp`
      const progress: SkipGramProgress = {
        nextChunk: nextChunk[0]!,
        workers: workers.map(({ random, done, losses }) => ({ random: [...random], done: Number(done[0]), losses: [...losses] })),
      }
      await rm(temporary, { recursive: true, force: true })
      await mkdir(temporary, { recursive: true })
      await writeNpy(join(temporary, 'input.npy'), input)
      await writeNpy(join(temporary, 'output.npy'), output)
      await writeFileAtomically(join(temporary, 'progress.json'), JSON.stringify(progress))
      await rm(place, { recursive: true, force: true })
      await rename(temporary, place)
      await syncDirectory(directory)
      next = 1 - next
      lastMs = nowMs()
      costMs = lastMs - startMs
    },

    async restore({ input, output, nextChunk, workers }) {
      const found = await Promise.all(places.map(read))
      const chunkOf = (at: number) => found[at]?.nextChunk ?? -1
      const latest = chunkOf(0) > chunkOf(1) ? 0 : 1
      const progress = found[latest]
      if (!progress) return
      const folder = join(directory, places[latest]!)
      input.set((await readNpy(join(folder, 'input.npy'))).values)
      output.set((await readNpy(join(folder, 'output.npy'))).values)
      nextChunk[0] = progress.nextChunk
      workers.forEach(({ random, done, losses }, worker) => {
        const saved = progress.workers[worker]!
        random.set(saved.random)
        done[0] = BigInt(saved.done)
        losses.set(saved.losses)
      })
      // The other place is the older one: the next checkpoint may overwrite it.
      next = 1 - latest
    },
  }
}
