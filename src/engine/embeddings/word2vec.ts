import { EngineError } from '#protocol/errors.ts'
import { writeNewFile } from '#engine/files/newFile.ts'
import { unpackedBytes } from '#engine/files/unpackedBytes.ts'
import { randomVectors } from './randomVectors.ts'
import type { Matrix } from './vectors.ts'

/**
 * Writes vectors in word2vec's format: a head "rows columns", then a word and its values a row.
 * @throws EngineError 'export/exists' where the file is there
 */
export async function exportWord2vec(path: string, words: string[], { columns, values }: Matrix, binary: boolean): Promise<void> {
  await writeNewFile(path, async (file) => {
    await file.write(`${words.length} ${columns}\n`)
    for (let row = 0; row < words.length; row++) {
      const own = values.subarray(row * columns, (row + 1) * columns)
      if (binary) {
        const bytes = new Uint8Array(own.slice().buffer)
        await file.write(Buffer.concat([Buffer.from(`${words[row]!} `), bytes, Buffer.from('\n')]))
      } else await file.write(`${words[row]!} ${Array.from(own, (value) => value.toPrecision(9)).join(' ')}\n`)
    }
  })
}

/** Values of a vector, and bytes of a row: far more than any file of vectors has. */
const mostColumns = 1 << 16
const longestRow = 1 << 21

/**
 * Reads the vectors of `words` from a word2vec, fastText or GloVe file (text or binary, gz too, with or without a
 * head). A word that the file lacks starts at seeded random values.
 * @throws EngineError 'embedding/unreadable'
 */
export async function importWord2vec(path: string, words: string[]): Promise<{ matrix: Matrix; found: number }> {
  const rowOf = new Map(words.map((word, row) => [word, row]))
  let matrix: Matrix | null = null
  let found = 0
  for await (const { word, values } of vectorsOf(path)) {
    matrix ??= randomVectors(words.length, values.length, 1)
    if (values.length !== matrix.columns) throw unreadable(path, `the vector of row "${word.slice(0, 40)}" has ${values.length} values, expected ${matrix.columns}`)
    const row = rowOf.get(word)
    if (row === undefined) continue
    matrix.values.set(values, row * matrix.columns)
    found++
  }
  if (!matrix) throw unreadable(path, 'it holds no vectors')
  return { matrix, found }
}

const unreadable = (path: string, what: string) =>
  new EngineError('embedding/unreadable', `${path} cannot be read as word vectors: ${what}. Expected word2vec text or binary, fastText .vec or GloVe.`, { path })

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  try {
    yield* unpackedBytes(path)
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw unreadable(path, (cause as Error).message)
  }
}

async function* vectorsOf(path: string): AsyncGenerator<{ word: string; values: Float32Array }> {
  let held: Buffer = Buffer.alloc(0)
  let binaryColumns: number | null = null
  let first = true
  for await (const chunk of bytesOf(path)) {
    held = Buffer.concat([held, chunk])
    let start = 0
    for (;;) {
      if (binaryColumns === null) {
        const end = held.indexOf(10, start)
        if (end < 0) break
        const line = held.toString('utf8', start, end)
        if (first && /^\d+ \d+\s*$/.test(line)) {
          const columns = Number(line.split(' ')[1])
          if (columns > mostColumns) throw unreadable(path, `its head says that a vector has ${columns} values; at most ${mostColumns} were expected`)
          // Enough of the next row to tell text from bytes.
          if (held.length < end + 1 + 4 * columns + 200 && held.length === chunk.length && chunk.length >= 65536) break
          binaryColumns = looksBinary(held.subarray(end + 1), columns) ? columns : null
        } else {
          const [word, ...values] = line.trimEnd().split(' ')
          if (word !== undefined && values.length > 1) yield { word, values: Float32Array.from(values, Number) }
        }
        first = false
        start = end + 1
      } else {
        // Some writers end a row with a line end, some do not.
        while (held[start] === 10) start++
        const space = held.indexOf(32, start)
        const end = space + 1 + 4 * binaryColumns
        if (space < 0 || held.length < end) break
        const bytes = new Uint8Array(held.subarray(space + 1, end))
        yield { word: held.toString('utf8', start, space), values: new Float32Array(bytes.buffer) }
        start = end
      }
    }
    held = held.subarray(start)
    if (held.length > longestRow) throw unreadable(path, `a row is longer than ${longestRow} bytes`)
  }
  if (binaryColumns === null && held.length > 0) {
    const [word, ...values] = held.toString('utf8').trimEnd().split(' ')
    if (word !== undefined && values.length > 1) yield { word, values: Float32Array.from(values, Number) }
  }
}

/** A text row has as many numbers as the head says; bytes do not read as numbers. */
function looksBinary(rest: Buffer, columns: number): boolean {
  const end = rest.indexOf(10)
  const values = rest.toString('utf8', 0, end < 0 ? rest.length : end).trimEnd().split(' ').slice(1)
  return values.length !== columns || values.some((value) => Number.isNaN(Number(value)))
}
