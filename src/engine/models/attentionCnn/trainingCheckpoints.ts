import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EpochMetrics } from '#protocol/results.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { syncDirectory, writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import type { AveragedWeights } from '#engine/models/learning/averagedWeights.ts'
import { bestEpoch } from '#engine/models/learning/bestEpoch.ts'
import type { WordVectors } from './wordVectors.ts'

export interface TrainingState {
  values: Float32Array
  first: Float32Array
  second: Float32Array
  vectors: WordVectors
  /** Null before the first epoch has ended. */
  average: AveragedWeights | null
  step: number
  epochs: EpochMetrics[]
  /** Of labels and of coordinates, summed over the unfinished epoch. */
  losses: [number, number]
  elapsedMs: number
}

export interface TrainingCheckpoints {
  /** Whether the last checkpoint is old enough for another; writing takes at most a twentieth of the time. */
  due(): boolean
  save(state: TrainingState): Promise<void>
  restore(): Promise<TrainingState | null>
  saveBest(epoch: number, values: Float32Array, vectors: Matrix | null): Promise<void>
  restoreBest(epoch: number): Promise<{ values: Float32Array; vectors: Matrix | null }>
}

const intervalMs = 30_000

/**
 * Checkpoints in a folder: `state-STEP` and `best-EPOCH`, each written beside and renamed into place, the older
 * ones removed afterwards. A kill at any instant leaves at least one whole state of those that were written.
 *
 * @param frozen the word vectors where they are not trained, and so not part of the state
 */
export function trainingCheckpoints(directory: string, frozen: Matrix | null, nowMs: () => number): TrainingCheckpoints {
  let lastMs = nowMs()
  let costMs = 0

  async function write(name: string, fill: (temporary: string) => Promise<void>) {
    const startMs = nowMs()
    const temporary = join(directory, `${name}.tmp`)
    await rm(temporary, { recursive: true, force: true })
    await mkdir(temporary, { recursive: true })
    await fill(temporary)
    const place = join(directory, name)
    await rm(place, { recursive: true, force: true })
    await rename(temporary, place)
    await syncDirectory(directory)
    lastMs = nowMs()
    costMs = lastMs - startMs
  }

  /** Removes what the state just written no longer needs: older states, and epochs that were the best before. */
  async function sweep({ step, epochs }: { step: number; epochs: EpochMetrics[] }) {
    const needed = [`state-${step}`, `best-${bestEpoch(epochs)}`]
    for (const name of await readdir(directory)) {
      if (!needed.includes(name)) await rm(join(directory, name), { recursive: true, force: true })
    }
  }

  return {
    due: () => nowMs() - lastMs > Math.max(intervalMs, 20 * costMs),

    async save({ values, first, second, vectors, average, ...rest }) {
      await write(`state-${rest.step}`, async (temporary) => {
        await writeNpy(join(temporary, 'values.npy'), values)
        await writeNpy(join(temporary, 'first.npy'), first)
        await writeNpy(join(temporary, 'second.npy'), second)
        if (vectors.moments) {
          const shape = [vectors.matrix.rows, vectors.matrix.columns]
          await writeNpy(join(temporary, 'vectors.npy'), vectors.matrix.values, shape)
          await writeNpy(join(temporary, 'vectorsFirst.npy'), vectors.moments.first, shape)
          await writeNpy(join(temporary, 'vectorsSecond.npy'), vectors.moments.second, shape)
        }
        if (average) await writeNpy(join(temporary, 'average.npy'), average.values)
        if (average?.vectors) await writeNpy(join(temporary, 'averageVectors.npy'), average.vectors)
        await writeFileAtomically(join(temporary, 'state.json'), JSON.stringify(rest))
      })
      await sweep(rest)
    },

    async restore() {
      const names = await readdir(directory).catch(() => [])
      const steps = names.flatMap((name) => /^state-(\d+)$/.exec(name)?.[1] ?? []).map(Number)
      if (steps.length === 0) return null
      const place = join(directory, `state-${Math.max(...steps)}`)
      const read = async (name: string) => (await readNpy(join(place, `${name}.npy`))).values as Float32Array
      const rest = JSON.parse(await readFile(join(place, 'state.json'), 'utf8')) as Omit<
        TrainingState,
        'values' | 'first' | 'second' | 'vectors' | 'average'
      >
      return {
        ...rest,
        values: await read('values'),
        first: await read('first'),
        second: await read('second'),
        average: rest.epochs.length > 0 ? { values: await read('average'), vectors: frozen ? null : await read('averageVectors') } : null,
        vectors: frozen
          ? { matrix: frozen, moments: null }
          : {
              matrix: await readMatrix(join(place, 'vectors.npy')),
              moments: { first: await read('vectorsFirst'), second: await read('vectorsSecond') },
            },
      }
    },

    saveBest: (epoch, values, vectors) =>
      write(`best-${epoch}`, async (temporary) => {
        await writeNpy(join(temporary, 'values.npy'), values)
        if (vectors) await writeNpy(join(temporary, 'vectors.npy'), vectors.values, [vectors.rows, vectors.columns])
      }),

    async restoreBest(epoch) {
      const place = join(directory, `best-${epoch}`)
      return {
        values: (await readNpy(join(place, 'values.npy'))).values as Float32Array,
        vectors: frozen ? null : await readMatrix(join(place, 'vectors.npy')),
      }
    },
  }
}

async function readMatrix(path: string): Promise<Matrix> {
  const { values, shape } = await readNpy(path)
  return { rows: shape[0]!, columns: shape[1]!, values: values as Float32Array }
}
