import { readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { readCache, readJson } from '#engine/files/artefactFile.ts'
import { readLatestCheckpoint } from '#engine/files/readLatestCheckpoint.ts'
import { replaceFolder } from '#engine/files/replaceFolder.ts'
import type { SkipGramMemory } from './skipGramMemory.ts'

/** progress.json: what a memory holds beyond its matrices, between two chunks. */
const progressFile = z.object({
  nextChunk: z.number().int().min(0),
  workers: z.array(
    z.object({ random: z.array(z.number()), done: z.number().int().min(0), losses: z.array(z.number()) }),
  ),
})
type SkipGramProgress = z.infer<typeof progressFile>

export interface SkipGramCheckpoints {
  due(): boolean
  /** The workers must have stopped. */
  save(memory: SkipGramMemory): Promise<void>
  /** Puts the latest checkpoint that can be read into the memory; without one, with a note where one was damaged, leaves it as it is. */
  restore(memory: SkipGramMemory, note: (message: string) => void): Promise<void>
}

const intervalMs = 20_000

/** Two places in turn, so that a kill while one is written leaves the other. */
const places = ['a', 'b'] as const

export function skipGramCheckpoints(directory: string, nowMs: () => number): SkipGramCheckpoints {
  let lastMs = nowMs()
  let costMs = 0
  let next = 0

  return {
    // Writing takes at most a twentieth of the time.
    due: () => nowMs() - lastMs > Math.max(intervalMs, 20 * costMs),

    async save({ input, output, nextChunk, workers }) {
      const startMs = nowMs()
      const progress: SkipGramProgress = {
        nextChunk: nextChunk[0]!,
        workers: workers.map(({ random, done, losses }) => ({
          random: [...random],
          done: Number(done[0]),
          losses: [...losses],
        })),
      }
      await replaceFolder(join(directory, places[next]!), async (temporary) => {
        await writeNpy(join(temporary, 'input.npy'), input)
        await writeNpy(join(temporary, 'output.npy'), output)
        await writeFile(join(temporary, 'progress.json'), JSON.stringify(progress))
      })
      next = 1 - next
      lastMs = nowMs()
      costMs = lastMs - startMs
    },

    async restore(memory, note) {
      const names = (await readdir(directory).catch(() => [])).filter((name) => /^[ab](\.old)?$/.test(name))
      const found: { place: string; chunk: number }[] = []
      for (const place of names.map((name) => join(directory, name))) {
        found.push({ place, chunk: (await readCache(join(place, 'progress.json'), progressFile))?.nextChunk ?? -1 })
      }
      found.sort((a, b) => b.chunk - a.chunk)
      const latest = await readLatestCheckpoint(
        found.map(({ place }) => place),
        async (place) => {
          await fillMemory(memory, place)
          return basename(place)
        },
        note,
      )
      // The other place is the older one: the next checkpoint may overwrite it.
      if (latest !== null) next = latest.startsWith(places[0]) ? 1 : 0
    },
  }
}

/** Everything is read and checked before the first value is set: what fails leaves the memory as it was. */
async function fillMemory({ input, output, nextChunk, workers }: SkipGramMemory, place: string): Promise<void> {
  const progress = await readJson(join(place, 'progress.json'), progressFile)
  const fits = workers.every(({ random, losses }, worker) => {
    const saved = progress.workers[worker]
    return saved?.random.length === random.length && saved.losses.length === losses.length
  })
  if (progress.workers.length !== workers.length || !fits)
    throw unusable(place, `that of ${progress.workers.length} workers`, `${workers.length} workers`)
  const matrix = async (name: string, like: Float32Array) => {
    const { values } = await readNpy(join(place, name))
    if (values.length !== like.length) throw unusable(join(place, name), `${values.length} values`, `${like.length}`)
    return values
  }
  // One matrix at a time, as memory is what limits a vocabulary: the second is read twice.
  await matrix('output.npy', output)
  input.set(await matrix('input.npy', input))
  output.set(await matrix('output.npy', output))
  nextChunk[0] = progress.nextChunk
  workers.forEach(({ random, done, losses }, worker) => {
    const saved = progress.workers[worker]!
    random.set(saved.random)
    done[0] = BigInt(saved.done)
    losses.set(saved.losses)
  })
}

const unusable = (place: string, found: string, expected: string) =>
  new EngineError('file/damaged', `${place} holds ${found}, expected ${expected}.`)
