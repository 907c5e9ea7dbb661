import { EngineError } from '#protocol/errors.ts'

export interface SkipGramShape {
  vocabularySize: number
  dimensions: number
  window: number
  epochs: number
  workers: number
  /** Words and documents of the training corpus, its chunks, and the words of its longest document. */
  words: number
  documents: number
  chunks: number
  longestDocument: number
}

/** Where a worker's own data lie; `block` is what the kernel is given. */
interface WorkerPlaces {
  block: number
  random: Uint32Array
  /** Words done. */
  done: BigUint64Array
  /** Loss and pairs of each epoch in turn. */
  losses: Float64Array
}

export interface SkipGramMemory {
  memory: WebAssembly.Memory
  /** Address of the run's settings. */
  settings: number
  /** Rows of `stride` floats. */
  input: Float32Array
  output: Float32Array
  stride: number
  rowBytes: number
  /** A word stays when 32 random bits are at most this. */
  keep: Uint32Array
  /** Alias tables of the negatives. */
  threshold: Uint32Array
  alias: Uint32Array
  ids: Uint32Array
  offsets: Uint32Array
  /** First document of each chunk, and the number of documents. */
  chunks: Uint32Array
  nextChunk: Int32Array
  stop: Int32Array
  workers: WorkerPlaces[]
}

const cacheLine = 64
const pageBytes = 65536
const largestBytes = 2 ** 32

/**
 * Lays out one shared memory for all workers, of its final size from the start: views of a memory that grows go stale.
 * Rows begin an odd number of cache lines apart, since rows 2 KiB apart would all meet in the same places of a cache;
 * what several workers write stands on lines of its own. The first page is the compiler's, for constants.
 * @throws {EngineError} embeddings/too-large above the 4 GiB that WebAssembly can address
 */
export function layOutSkipGram(shape: SkipGramShape): SkipGramMemory {
  const { vocabularySize, dimensions, window, epochs } = shape
  const rowBytes = 32 * Math.ceil(dimensions / 8)
  const strideBytes = cacheLine * (2 * Math.floor(Math.ceil(rowBytes / cacheLine) / 2) + 1)
  const place = placesFrom(pageBytes)
  const settings = place(128)
  const [nextChunk, stop] = [place(4), place(4)]
  const workers = Array.from({ length: shape.workers }, () => ({
    block: place(48),
    done: place(8),
    losses: place(16 * epochs),
    kept: place(4 * shape.longestDocument),
    idleRow: place(strideBytes),
    context: place(4 * 2 * window),
    targets: place(32),
    rates: place(32),
    errors: place(64),
    scores: place(32 * 2 * window),
  }))
  const [keep, threshold, alias] = [place(4 * vocabularySize), place(4 * vocabularySize), place(4 * vocabularySize)]
  const [ids, offsets, chunks] = [
    place(4 * shape.words),
    place(4 * (shape.documents + 1)),
    place(4 * (shape.chunks + 1)),
  ]
  const [input, output] = [place(vocabularySize * strideBytes), place(vocabularySize * strideBytes)]
  const bytes = place(0)
  if (bytes > largestBytes) throw tooLarge(bytes, shape)

  const pages = Math.ceil(bytes / pageBytes)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  const { buffer } = memory
  for (const worker of workers) {
    const { kept, done, idleRow, context, targets, rates, errors, scores } = worker
    new Uint32Array(buffer, worker.block + 16, 8).set([kept, done, idleRow, context, targets, rates, errors, scores])
  }
  return {
    memory,
    settings,
    input: new Float32Array(buffer, input, (vocabularySize * strideBytes) / 4),
    output: new Float32Array(buffer, output, (vocabularySize * strideBytes) / 4),
    stride: strideBytes / 4,
    rowBytes,
    keep: new Uint32Array(buffer, keep, vocabularySize),
    threshold: new Uint32Array(buffer, threshold, vocabularySize),
    alias: new Uint32Array(buffer, alias, vocabularySize),
    ids: new Uint32Array(buffer, ids, shape.words),
    offsets: new Uint32Array(buffer, offsets, shape.documents + 1),
    chunks: new Uint32Array(buffer, chunks, shape.chunks + 1),
    nextChunk: new Int32Array(buffer, nextChunk, 1),
    stop: new Int32Array(buffer, stop, 1),
    workers: workers.map(({ block, done, losses }) => ({
      block,
      random: new Uint32Array(buffer, block, 4),
      done: new BigUint64Array(buffer, done, 1),
      losses: new Float64Array(buffer, losses, 2 * epochs),
    })),
  }
}

/** Gives out addresses from `start` on, each on a cache line of its own. */
function placesFrom(start: number): (bytes: number) => number {
  let next = start
  return (bytes) => {
    const here = next
    next += cacheLine * Math.ceil(bytes / cacheLine)
    return here
  }
}

function tooLarge(bytes: number, { vocabularySize, dimensions, words }: SkipGramShape): EngineError {
  const gib = (bytes / 2 ** 30).toFixed(1)
  return new EngineError(
    'embeddings/too-large',
    `Skip-gram with ${vocabularySize} words of ${dimensions} dimensions and ${words} running words takes ${gib} GiB, expected at most 4. Lower preprocess.maxVocabulary or embeddings.dimensions, or train on fewer words a document (preprocess.maxWords).`,
    { vocabularySize, dimensions, words },
  )
}
