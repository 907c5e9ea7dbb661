import { setImmediate } from 'node:timers/promises'
import type { SkipGramSettings } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import { aliasTable } from './aliasTable.ts'
import { fillRandomVector, vectorRandom } from './randomVectors.ts'
import { layOutSkipGram, type SkipGramMemory } from './skipGramMemory.ts'
import type { Matrix } from './vectors.ts'

export interface SkipGramInput {
  /** Document i is ids[offsets[i]..offsets[i + 1]]. */
  ids: Int32Array
  offsets: Float64Array | Uint32Array
  /** Documents to train on. */
  documents: Int32Array
  vocabularySize: number
}

export interface SkipGramTraining {
  memory: SkipGramMemory
  corpusWords: number
  /** The words' vectors and those of the words as centres, as they stand, a row a word. */
  inputVectors(): Promise<Matrix>
  outputVectors(): Promise<Matrix>
}

/** The learning rate falls to this at the end of the last epoch. */
const lastRate = 1e-4
/** Words that a worker takes at a time: some tens of milliseconds, which is how soon it stops. */
const chunkWords = 4096

/** Values that are made or copied between two pauses: some tens of milliseconds. */
const pauseEvery = 1 << 22

/** Fills a memory with the corpus, the tables of the sampling and the vectors' first values. */
export async function prepareSkipGram(
  { ids, offsets, documents, vocabularySize }: SkipGramInput,
  settings: SkipGramSettings,
  { signal }: Pick<StageContext, 'signal'>,
): Promise<SkipGramTraining> {
  let unpaused = 0
  const pause = async (values: number) => {
    unpaused += values
    if (unpaused < pauseEvery) return
    unpaused = 0
    await setImmediate()
    signal.throwIfAborted()
  }
  const lengths = Uint32Array.from(documents, (document) => offsets[document + 1]! - offsets[document]!)
  const counts = new Float64Array(vocabularySize)
  for (const document of documents) {
    for (let i = offsets[document]!; i < offsets[document + 1]!; i++) counts[ids[i]!]!++
    await pause(offsets[document + 1]! - offsets[document]!)
  }
  const corpusWords = lengths.reduce((sum, length) => sum + length, 0)
  const chunks = chunksOf(lengths)
  const memory = layOutSkipGram({
    vocabularySize,
    dimensions: settings.dimensions,
    window: settings.window,
    epochs: settings.epochs,
    workers: settings.workers,
    words: corpusWords,
    documents: documents.length,
    chunks: chunks.length - 1,
    longestDocument: lengths.reduce((most, length) => Math.max(most, length), 0),
  })

  // Frequent words first: their rows share pages, which spares the processor most of its address translations.
  const byRank = Uint32Array.from({ length: vocabularySize }, (_, word) => word).sort(
    (a, b) => counts[b]! - counts[a]! || a - b,
  )
  const rankOf = new Uint32Array(vocabularySize)
  byRank.forEach((word, rank) => (rankOf[word] = rank))

  let next = 0
  for (const [place, document] of documents.entries()) {
    memory.offsets[place] = next
    for (let i = offsets[document]!; i < offsets[document + 1]!; i++) memory.ids[next++] = rankOf[ids[i]!]!
    await pause(offsets[document + 1]! - offsets[document]!)
  }
  memory.offsets[documents.length] = next
  memory.chunks.set(chunks)
  const ranked = Float64Array.from(byRank, (word) => counts[word]!)
  memory.keep.set(keepThresholds(ranked, corpusWords, settings.sample))
  const { threshold, alias } = aliasTable(ranked.map((count) => count ** 0.75))
  memory.threshold.set(threshold)
  memory.alias.set(alias)
  // In the order of words: a word's start does not depend on where its row stands.
  const random = vectorRandom(settings.seed)
  for (const rank of rankOf) {
    fillRandomVector(memory.input, rank * memory.stride, settings.dimensions, random)
    await pause(settings.dimensions)
  }
  writeSettings(memory, settings, vocabularySize)
  return {
    memory,
    corpusWords,
    inputVectors: () => copyRows(memory.input),
    outputVectors: () => copyRows(memory.output),
  }

  async function copyRows(from: Float32Array): Promise<Matrix> {
    const columns = settings.dimensions
    const values = new Float32Array(vocabularySize * columns)
    for (const [word, rank] of rankOf.entries()) {
      const start = rank * memory.stride
      values.set(from.subarray(start, start + columns), word * columns)
      await pause(columns)
    }
    return { rows: vocabularySize, columns, values }
  }
}

/** The kernel reads these in this order: see assembly/skipGram.ts. */
function writeSettings(
  memory: SkipGramMemory,
  { window, negatives, epochs, learningRate }: SkipGramSettings,
  vocabularySize: number,
): void {
  const { input, output, rowBytes, stride, keep, threshold, alias, ids, offsets, chunks, nextChunk, stop } = memory
  const words = new Uint32Array(memory.memory.buffer, memory.settings, 19)
  words.set([
    input.byteOffset,
    output.byteOffset,
    rowBytes,
    4 * stride,
    keep.byteOffset,
    threshold.byteOffset,
    alias.byteOffset,
  ])
  words.set(
    [
      vocabularySize,
      window,
      negatives,
      ids.byteOffset,
      offsets.byteOffset,
      chunks.byteOffset,
      chunks.length - 1,
      epochs,
    ],
    7,
  )
  new Float32Array(memory.memory.buffer, memory.settings + 60, 2).set([learningRate, lastRate])
  words.set([nextChunk.byteOffset, stop.byteOffset], 17)
}

/** First documents of chunks of at least `chunkWords` words, and at the end the number of documents. */
function chunksOf(lengths: Uint32Array): Uint32Array {
  const starts = [0]
  let words = 0
  lengths.forEach((length, document) => {
    words += length
    if (words < chunkWords && document < lengths.length - 1) return
    starts.push(document + 1)
    words = 0
  })
  return Uint32Array.from(starts)
}

/** word2vec's subsampling: a word of relative frequency f stays with probability sqrt(t / f) + t / f. */
function keepThresholds(counts: Float64Array, corpusWords: number, sample: number): Uint32Array {
  return Uint32Array.from(counts, (count) => {
    const frequency = count / corpusWords
    const keep = sample === 0 || count === 0 ? 1 : Math.sqrt(sample / frequency) + sample / frequency
    return Math.min(0xffffffff, Math.floor(keep * 2 ** 32))
  })
}
