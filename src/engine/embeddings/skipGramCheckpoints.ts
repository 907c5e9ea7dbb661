import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory, writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'

/** Where training stands, between two documents. */
export interface SkipGramProgress {
  input: Float32Array
  output: Float32Array
  random: [number, number, number, number]
  lossByEpoch: number[]
  epoch: number
  position: number
  wordsDone: number
  loss: number
  pairs: number
}

export interface SkipGramCheckpoints {
  due(): boolean
  save(progress: SkipGramProgress): Promise<void>
  restore(): Promise<SkipGramProgress | null>
}

const intervalMs = 20_000

/** Two places in turn, so that a kill while one is written leaves the other. */
const places = ['a', 'b'] as const

export function skipGramCheckpoints(directory: string, nowMs: () => number): SkipGramCheckpoints {
  let lastMs = nowMs()
  let costMs = 0
  let next = 0

  async function read(place: string): Promise<SkipGramProgress | null> {
    const folder = join(directory, place)
    const text = await readFile(join(folder, 'progress.json'), 'utf8').catch(() => null)
    if (text === null) return null
    return {
      ...(JSON.parse(text) as Omit<SkipGramProgress, 'input' | 'output'>),
      input: (await readNpy(join(folder, 'input.npy'))).values as Float32Array,
      output: (await readNpy(join(folder, 'output.npy'))).values as Float32Array,
    }
  }

  return {
    // Writing takes at most a twentieth of the time.
    due: () => nowMs() - lastMs > Math.max(intervalMs, 20 * costMs),

    async save({ input, output, ...rest }) {
      const startMs = nowMs()
      const place = join(directory, places[next]!)
      const temporary = `${place}.tmp`
      await rm(temporary, { recursive: true, force: true })
      await mkdir(temporary, { recursive: true })
      await writeNpy(join(temporary, 'input.npy'), input)
      await writeNpy(join(temporary, 'output.npy'), output)
      await writeFileAtomically(join(temporary, 'progress.json'), JSON.stringify(rest))
      await rm(place, { recursive: true, force: true })
      await rename(temporary, place)
      await syncDirectory(directory)
      next = 1 - next
      lastMs = nowMs()
      costMs = lastMs - startMs
    },

    async restore() {
      const found = (await Promise.all(places.map(read))).filter((progress) => progress !== null)
      const latest = found.sort((a, b) => b.wordsDone - a.wordsDone)[0] ?? null
      // The other place is the older one: the next checkpoint may overwrite it.
      if (latest) next = (await read(places[0]))?.wordsDone === latest.wordsDone ? 1 : 0
      return latest
    },
  }
}
