import { mkdtemp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EpochMetrics } from '#protocol/runs.ts'
import { trainingCheckpoints, type TrainingState } from './trainingCheckpoints.ts'

let directory: string
let notes: string[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
  notes = []
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const checkpoints = () => trainingCheckpoints(directory, null, () => 0)
const restore = () => checkpoints().restore((message) => notes.push(message))

const floats = (length: number, value: number) => new Float32Array(length).fill(value)

function epochOf(epoch: number): EpochMetrics {
  const figures = { devLoss: 1, devAccuracy: 1, devMeanErrorKm: 1, devMedianErrorKm: 1, devAccuracyAt161Km: 1 }
  return {
    epoch,
    step: 10 * epoch,
    trainLoss: NaN,
    coordinateLoss: null,
    ...figures,
    documentsPerSecond: 1,
    elapsedMs: 1,
    best: true,
  }
}

/** A state whose arrays hold its step. */
function stateAt(step: number, epochs: number): TrainingState {
  return {
    values: floats(5, step),
    first: floats(5, step),
    second: floats(5, step),
    vectors: {
      matrix: { rows: 2, columns: 3, values: floats(6, step) },
      moments: { first: floats(6, step), second: floats(6, step) },
    },
    average: epochs > 0 ? { values: floats(5, step), vectors: floats(6, step) } : null,
    step,
    epochs: Array.from({ length: epochs }, (_, i) => epochOf(i + 1)),
    losses: [step, 0],
    elapsedMs: step,
  }
}

async function save(step: number, epochs: number) {
  if (epochs > 0)
    await checkpoints().saveBest(epochs, floats(5, step), { rows: 2, columns: 3, values: floats(6, step) })
  await checkpoints().save(stateAt(step, epochs))
}

/** Keeps the present state beside the next one, as a kill before the older ones are removed does. */
async function saveBeside(step: number, epochs: number, former: string) {
  const kept = `${directory}-${former}`
  await rename(join(directory, former), kept)
  await save(step, epochs)
  await rename(kept, join(directory, former))
}

describe('trainingCheckpoints', () => {
  it('restores what was saved', async () => {
    expect(await restore()).toBeNull()
    await save(10, 1)
    await save(14, 1)
    expect(await restore()).toEqual(stateAt(14, 1))
    expect(notes).toEqual([])
    expect((await readdir(directory)).sort()).toEqual(['best-1', 'state-14'])
  })

  it.each<[string, () => Promise<unknown>]>([
    ['an array of it is gone', () => rm(join(directory, 'state-14', 'second.npy'))],
    ['an array of it is cut off', () => truncate(join(directory, 'state-14', 'averageVectors.npy'), 130)],
    ['its figures are gone', () => rm(join(directory, 'state-14', 'state.json'))],
    ['its figures are empty', () => truncate(join(directory, 'state-14', 'state.json'))],
    ['its figures are others', () => writeFile(join(directory, 'state-14', 'state.json'), '{"step": 14}')],
    ['its best epoch is gone', () => rm(join(directory, 'best-1'), { recursive: true })],
  ])('falls back to the state before where %s, else starts anew', async (_, damage) => {
    await save(8, 0)
    await saveBeside(14, 1, 'state-8')
    await damage()
    expect(await restore()).toEqual(stateAt(8, 0))
    expect(notes).toEqual([expect.stringMatching(/^The checkpoint state-14 is damaged/)])

    await rm(join(directory, 'state-8', 'values.npy'))
    notes = []
    expect(await restore()).toBeNull()
    expect(notes.at(-1)).toMatch(/starts anew/)
    await save(3, 0)
    expect(await readdir(directory)).toEqual(['state-3'])
  })

  it('has a state at any instant while the same step is written again', async () => {
    await save(10, 0)
    // The epoch's end, with the figures of the epoch, is at the step of a checkpoint before it.
    await save(10, 1)
    expect(await restore()).toEqual(stateAt(10, 1))
    // Killed between the two renames: the former state lies beside its place.
    await rename(join(directory, 'state-10'), join(directory, 'state-10.old'))
    await rename(join(directory, 'best-1'), join(directory, 'best-1.old'))
    expect(await restore()).toEqual(stateAt(10, 1))
    expect((await checkpoints().restoreBest(1)).values).toEqual(floats(5, 10))
    await save(10, 1)
    expect((await readdir(directory)).sort()).toEqual(['best-1', 'state-10'])
  })
})
