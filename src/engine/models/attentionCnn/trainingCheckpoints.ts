import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { EngineError } from '#protocol/errors.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { readNpy, writeNpy } from '#engine/files/npy.ts'
import { readJson } from '#engine/files/artefactFile.ts'
import { readLatestCheckpoint } from '#engine/files/readLatestCheckpoint.ts'
import { placesOf, replaceFolder } from '#engine/files/replaceFolder.ts'
import type { AveragedWeights } from '#engine/models/learning/averagedWeights.ts'
import { bestEpoch } from '#engine/models/learning/bestEpoch.ts'
import { epochMetrics, keptFigure } from '#engine/models/learning/epochMetrics.ts'
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
  /** The latest state that can be read; null, with a note where there was one, if there is none. */
  restore(note: (message: string) => void): Promise<TrainingState | null>
  saveBest(epoch: number, values: Float32Array, vectors: Matrix | null): Promise<void>
  restoreBest(epoch: number): Promise<{ values: Float32Array; vectors: Matrix | null }>
}

const intervalMs = 30_000

/** state.json: what a state is beside its arrays. */
const stateFile = z.object({
  step: z.number().int().min(0),
  epochs: z.array(epochMetrics),
  losses: z.tuple([keptFigure, keptFigure]),
  elapsedMs: keptFigure,
})

const stateName = /^state-(\d+)(?:\.old)?$/

/**
 * Checkpoints in a folder: `state-STEP` and `best-EPOCH`, each written beside and renamed into place, the older
 * ones removed afterwards. A kill at any instant leaves at least one whole state of those that were written.
 *
 * @param frozen the word vectors where they are not trained, and so not part of the state
 */
export function trainingCheckpoints(
  directory: string,
  frozen: Matrix | null,
  nowMs: () => number,
): TrainingCheckpoints {
  let lastMs = nowMs()
  let costMs = 0

  async function write(name: string, fill: (temporary: string) => Promise<void>) {
    const startMs = nowMs()
    await replaceFolder(join(directory, name), fill)
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

  /** Reads the best epoch too: without it a state leads nowhere. */
  async function readState(place: string): Promise<TrainingState> {
    const rest = await readJson(join(place, 'state.json'), stateFile)
    const values = await readFloats(join(place, 'values.npy'))
    const read = (name: string, length: number) => readFloats(join(place, `${name}.npy`), length)
    const matrix = frozen ?? (await readMatrix(join(place, 'vectors.npy')))
    const ofVectors = matrix.values.length
    if (rest.epochs.length > 0) await restoreBest(bestEpoch(rest.epochs))
    return {
      ...rest,
      values,
      first: await read('first', values.length),
      second: await read('second', values.length),
      average:
        rest.epochs.length > 0
          ? {
              values: await read('average', values.length),
              vectors: frozen ? null : await read('averageVectors', ofVectors),
            }
          : null,
      vectors: {
        matrix,
        moments: frozen
          ? null
          : { first: await read('vectorsFirst', ofVectors), second: await read('vectorsSecond', ofVectors) },
      },
    }
  }

  async function restoreBest(epoch: number): Promise<{ values: Float32Array; vectors: Matrix | null }> {
    const [place, old] = placesOf(join(directory, `best-${epoch}`)) as [string, string]
    const read = async (from: string) => ({
      values: await readFloats(join(from, 'values.npy')),
      vectors: frozen ? null : await readMatrix(join(from, 'vectors.npy')),
    })
    return read(place).catch((error: unknown) => read(old).catch(() => Promise.reject(error as Error)))
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
        await writeFile(join(temporary, 'state.json'), JSON.stringify(rest))
      })
      await sweep(rest)
    },

    async restore(note) {
      const names = (await readdir(directory).catch(() => [])).filter((name) => stateName.test(name))
      const stepOf = (name: string) => Number(stateName.exec(name)![1])
      // Of one step, the state in its place is later than one that was moved aside for it.
      names.sort((a, b) => stepOf(b) - stepOf(a) || a.length - b.length)
      return readLatestCheckpoint(
        names.map((name) => join(directory, name)),
        readState,
        note,
      )
    },

    saveBest: (epoch, values, vectors) =>
      write(`best-${epoch}`, async (temporary) => {
        await writeNpy(join(temporary, 'values.npy'), values)
        if (vectors) await writeNpy(join(temporary, 'vectors.npy'), vectors.values, [vectors.rows, vectors.columns])
      }),

    restoreBest,
  }
}

async function readFloats(path: string, length?: number): Promise<Float32Array> {
  const { values } = await readNpy(path)
  if (values instanceof Float32Array && values.length === (length ?? values.length)) return values
  throw new EngineError(
    'file/damaged',
    `${path} holds ${values.length} values of ${values.constructor.name}, expected ${length ?? 'some'} of Float32Array.`,
  )
}

async function readMatrix(path: string): Promise<Matrix> {
  const { values, shape } = await readNpy(path)
  return { rows: shape[0]!, columns: shape[1]!, values: values as Float32Array }
}
