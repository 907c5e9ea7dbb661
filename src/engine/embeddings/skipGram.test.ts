import { mkdtemp, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { skipGramSettings } from '#protocol/experiment.ts'
import { quietContext, type StageContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { aliasTable } from './aliasTable.ts'
import { neighbours } from './neighbours.ts'
import { trainSkipGram, type SkipGramInput } from './skipGram.ts'
import { skipGramCheckpoints, type SkipGramCheckpoints } from './skipGramCheckpoints.ts'
import { trainSkipGramSlowly } from './testing/skipGramTwin.ts'
import type { Matrix } from './vectors.ts'

/** Documents about one of `topics` groups of ten words each, with words of no topic between them. */
function plantedCorpus(topics: number, documents = 600): SkipGramInput {
  const random = seededRandom(1)
  const ids: number[] = []
  const offsets = [0]
  for (let document = 0; document < documents; document++) {
    const topic = random.below(topics)
    for (let i = 0; i < 30; i++)
      ids.push(random.next() < 0.5 ? 10 * topic + random.below(10) : 10 * topics + random.below(40))
    offsets.push(ids.length)
  }
  return {
    ids: Int32Array.from(ids),
    offsets: Float64Array.from(offsets),
    documents: Int32Array.from({ length: documents }, (_, i) => i),
    vocabularySize: 10 * topics + 40,
  }
}

const settings = skipGramSettings.parse({ method: 'skip-gram', dimensions: 24, epochs: 8, sample: 0 })

/** Share of the nine nearest neighbours that are of a word's own topic, over the topics' words. */
function shareOfTopic(vectors: Matrix): number {
  let right = 0
  for (let word = 0; word < 80; word++) {
    right += neighbours(vectors, word, 9).filter(({ row }) => Math.floor(row / 10) === Math.floor(word / 10)).length
  }
  return right / (80 * 9)
}

describe('the kernel', () => {
  it.each([
    ['one negative group, whole rows of 16 bytes', { dimensions: 24, window: 5, negatives: 5, sample: 0 }],
    ['a row that is not whole, subsampling', { dimensions: 10, window: 3, negatives: 4, sample: 1e-2 }],
    ['negatives in three groups', { dimensions: 8, window: 2, negatives: 12, sample: 0 }],
    ['a window of one word', { dimensions: 4, window: 1, negatives: 1, sample: 1e-3 }],
  ])('computes what its slow twin computes: %s', async (_, changes) => {
    const input = plantedCorpus(3, 60)
    const short = { ...settings, epochs: 2, ...changes }
    const twin = trainSkipGramSlowly(input, short)
    const trained = await trainSkipGram(input, short, quietContext)
    const difference = (matrix: Matrix, rows: number[][]) =>
      Math.max(...rows.flat().map((value, i) => Math.abs(value - matrix.values[i]!)))
    const size = Math.max(...twin.input.flat().map(Math.abs))
    expect(size).toBeGreaterThan(0.1)
    expect(difference(trained.vectors, twin.input)).toBeLessThan(1e-4 * size)
    expect(difference(await trained.outputVectors(), twin.output)).toBeLessThan(1e-4 * size)
  })

  it('draws negatives by the power 0.75 of their counts', () => {
    const { threshold, alias } = aliasTable(Float64Array.of(1, 8, 27))
    const shares = [0, 0, 0]
    threshold.forEach((own, word) => {
      shares[word]! += own / 2 ** 32 / 3
      shares[alias[word]!]! += (1 - own / 2 ** 32) / 3
    })
    ;[1, 8, 27].forEach((share, word) => expect(shares[word]).toBeCloseTo(share / 36, 6))
  })
})

describe('trainSkipGram', () => {
  it('puts words of one topic next to one another', async () => {
    const { vectors, lossByEpoch } = await trainSkipGram(plantedCorpus(8), settings, quietContext)
    expect(shareOfTopic(vectors)).toBeGreaterThan(0.9)
    expect(lossByEpoch).toHaveLength(8)
    expect(lossByEpoch.at(-1)).toBeLessThan(lossByEpoch[0]!)
  })

  it('continues after a cancel to the bits of an unbroken run', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const input = plantedCorpus(3)
    const long = { ...settings, dimensions: 256, epochs: 24 }
    const whole = await trainSkipGram(input, long, quietContext)
    const doneAtCancel: number[] = []
    for (let i = 0; i < 2; i++) {
      const controller = new AbortController()
      const context: StageContext = {
        ...quietContext,
        signal: controller.signal,
        report({ done }) {
          if (done <= (doneAtCancel.at(-1) ?? 0) || controller.signal.aborted) return
          doneAtCancel.push(done)
          controller.abort()
        },
      }
      await expect(
        trainSkipGram(
          input,
          long,
          context,
          skipGramCheckpoints(directory, () => 0),
        ),
      ).rejects.toThrow()
    }
    expect(doneAtCancel[1]).toBeLessThan(18_000 * long.epochs)
    const resumed = await trainSkipGram(
      input,
      long,
      quietContext,
      skipGramCheckpoints(directory, () => 0),
    )
    expect(Buffer.from(resumed.vectors.values.buffer).equals(Buffer.from(whole.vectors.values.buffer))).toBe(true)
    expect(resumed.lossByEpoch).toEqual(whole.lossByEpoch)
    await rm(directory, { recursive: true })
  })

  it('takes the checkpoint before one that is damaged, to the same bits, and starts anew without any', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'isogloss-'))
    const input = plantedCorpus(3)
    const long = { ...settings, dimensions: 256, epochs: 12 }
    const whole = await trainSkipGram(input, long, quietContext)
    const controller = new AbortController()
    let saved = 0
    const real = skipGramCheckpoints(directory, () => 0)
    const eager: SkipGramCheckpoints = {
      ...real,
      due: () => saved < 2,
      async save(memory) {
        if (saved === 2) return
        await real.save(memory)
        if (++saved === 2) controller.abort()
      },
    }
    await expect(trainSkipGram(input, long, { ...quietContext, signal: controller.signal }, eager)).rejects.toThrow()
    const vectorsAfter = async () => {
      const notes: string[] = []
      const { vectors } = await trainSkipGram(
        input,
        long,
        { ...quietContext, note: (message) => notes.push(message) },
        skipGramCheckpoints(directory, () => 0),
      )
      return { same: Buffer.from(vectors.values.buffer).equals(Buffer.from(whole.vectors.values.buffer)), notes }
    }
    await truncate(join(directory, 'b', 'output.npy'), 1000)
    expect(await vectorsAfter()).toEqual({ same: true, notes: [expect.stringMatching(/^The checkpoint b is damaged/)] })
    await rm(join(directory, 'a', 'input.npy'))
    await rm(join(directory, 'b', 'progress.json'))
    expect(await vectorsAfter()).toEqual({
      same: true,
      notes: [expect.anything(), expect.anything(), expect.stringMatching(/starts anew/)],
    })
    await rm(directory, { recursive: true })
  })

  it('learns as well with two workers, which share every vector', async () => {
    const { vectors } = await trainSkipGram(plantedCorpus(8), { ...settings, workers: 2 }, quietContext)
    expect(shareOfTopic(vectors)).toBeGreaterThan(0.9)
  })

  it('says what to lower where WebAssembly cannot hold the vectors', async () => {
    const input = { ...plantedCorpus(1), vocabularySize: 1_100_000 }
    await expect(trainSkipGram(input, { ...settings, dimensions: 512 }, quietContext)).rejects.toMatchObject({
      code: 'embeddings/too-large',
      message: expect.stringContaining('maxVocabulary') as string,
    })
  })
})
