import { open } from 'node:fs/promises'
import { EngineError } from '#protocol/errors.ts'
import { statRegularFile } from '#engine/files/regularFile.ts'
import { unpackedBytes } from '#engine/files/unpackedBytes.ts'

/** A row of a file of word vectors; all have as many values. */
export interface WordVector {
  word: string
  values: Float32Array
}

/** How a file is written, and where its rows begin. */
interface Form {
  binary: boolean
  columns: number
  /** Bytes before the first row: a mark of the byte order, a head. */
  start: number
  /** Lines among them. */
  lines: number
}

/** So much of a file tells how it is written. */
const sampleBytes = 1 << 16
const sampleLines = 200
/** Values of a vector, and bytes of a row: far more than any file of vectors has. */
const mostColumns = 1 << 16
const longestRow = 1 << 21
const mark = Buffer.from('\ufeff')
const newline = 10
const space = 32

const unreadable = (path: string, what: string, cause?: Error) =>
  new EngineError(
    'embedding/unreadable',
    `${path} cannot be read as word vectors: ${what}. Expected word2vec text or binary, fastText .vec or GloVe.`,
    { path },
    { cause },
  )

/**
 * Rows of a file of word2vec (text or binary), fastText (.vec) or GloVe, packed by gzip or not. In a text the last fields
 * of a line are the values, and what is before them the word, which has spaces in some files of GloVe.
 * @throws EngineError 'embedding/unreadable', with the line where there is one
 */
export async function* readWordVectors(path: string): AsyncGenerator<WordVector> {
  let form: Form | null = null
  let held: Buffer = Buffer.alloc(0)
  let line = 0
  for await (const chunk of chunksOf(path)) {
    held = Buffer.concat([held, chunk])
    if (!form) {
      if (held.length < sampleBytes && chunk.length > 0) continue
      form = formOf(held)
      if (!form) throw unreadable(path, 'it holds no vectors')
      if (form.columns > mostColumns)
        throw unreadable(path, `a vector has ${form.columns} values; at most ${mostColumns} were expected`)
      held = held.subarray(form.start)
      line = form.lines
    }
    let start = 0
    // Some writers end a row of bytes with a line end, some do not; the last line of a text may have none.
    for (;;) {
      while (form.binary && held[start] === newline) start++
      const end: number = form.binary
        ? endOfBytes(held, start, form.columns)
        : endOfLine(held, start, chunk.length === 0)
      if (end < 0) break
      line++
      const row = held.subarray(start, end)
      start = form.binary ? end : end + 1
      if (form.binary) yield bytesRow(path, line, row)
      else {
        const text = row.toString()
        if (text.trim() !== '') yield textRow(path, line, text, form.columns)
      }
    }
    held = held.subarray(start)
    if (held.length > longestRow) throw unreadable(path, `row ${line + 1} is longer than ${longestRow} bytes`)
  }
  if (held.length > 0)
    throw unreadable(path, `it ends in the middle of row ${line + 1}, as if the rest had been cut off`)
}

async function firstBytes(path: string): Promise<Buffer> {
  await statRegularFile(path)
  const file = await open(path)
  try {
    return (await file.read(Buffer.alloc(4), 0, 4, 0)).buffer
  } finally {
    await file.close()
  }
}

/** Unpacked bytes of a file, and an empty chunk at their end. */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  try {
    const first = await firstBytes(path)
    if (first.toString('latin1') === 'PK\x03\x04')
      throw unreadable(path, 'it is a zip archive; unpack it and name the file inside')
    yield* unpackedBytes(path)
    yield Buffer.alloc(0)
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw unreadable(path, (cause as Error).message, cause as Error)
  }
}

function formOf(sample: Buffer): Form | null {
  const start = sample.subarray(0, mark.length).equals(mark) ? mark.length : 0
  const lines = sample.toString('utf8', start).split('\n', sampleLines)
  const head = /^(\d+)[ \t]+(\d+)\s*$/.exec(lines[0]!)
  if (head) {
    const columns = Number(head[2])
    const values = fieldsOf(lines[1] ?? '').slice(-columns)
    // Bytes do not look like so many numbers, whatever the decimal mark.
    const binary = values.length < columns || values.some((value) => !/^[-+\d.,einfa]+$/i.test(value))
    return columns > 0 ? { binary, columns, start: sample.indexOf(newline) + 1, lines: 1 } : null
  }
  // The last line may be cut off, unless it is the only one. Most lines have a word without a space in it.
  const counts = new Map<number, number>()
  for (const line of lines.length > 1 ? lines.slice(0, -1) : lines) {
    const columns = fieldsOf(line).length - 1
    if (columns > 1) counts.set(columns, (counts.get(columns) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b)
  return most ? { binary: false, columns: most[0], start, lines: 0 } : null
}

/** Only spaces and tabs part fields: a word of GloVe may hold other white space. */
const fieldsOf = (line: string) => line.replace(/[ \t\r]+$/, '').split(/[ \t]/)

function textRow(path: string, line: number, row: string, columns: number): WordVector {
  const fields = fieldsOf(row)
  const values = fields.slice(1).slice(-columns)
  const word = fields.slice(0, fields.length - values.length).join(' ')
  if (values.length < columns)
    throw unreadable(
      path,
      `the vector of row "${word.slice(0, 40)}" in line ${line} has ${values.length} values, expected ${columns}`,
    )
  const numbers = Float32Array.from(values, (value) => (value === '' ? NaN : Number(value)))
  const wrong = numbers.findIndex((number) => !Number.isFinite(number))
  if (wrong >= 0) {
    const why = /^[-+]?\d*,\d+/.test(values[wrong]!) ? '; write decimals with a point' : ''
    throw unreadable(
      path,
      `in line ${line}, value ${wrong + 1} of "${word.slice(0, 40)}" is "${values[wrong]!.slice(0, 40)}", which is no number${why}`,
    )
  }
  return { word, values: numbers }
}

function bytesRow(path: string, line: number, row: Buffer): WordVector {
  const end = row.indexOf(space)
  const word = row.toString('utf8', 0, end)
  const values = new Float32Array(new Uint8Array(row.subarray(end + 1)).buffer)
  if (!values.every(Number.isFinite))
    throw unreadable(path, `the vector of row ${line - 1}, "${word.slice(0, 40)}", holds values that are no numbers`)
  return { word, values }
}

/** Where the row of bytes that starts here ends, -1 where its end is not here yet. */
function endOfBytes(held: Buffer, start: number, columns: number): number {
  const gap = held.indexOf(space, start)
  const end = gap + 1 + 4 * columns
  return gap < 0 || held.length < end ? -1 : end
}

function endOfLine(held: Buffer, start: number, isLast: boolean): number {
  const end = held.indexOf(newline, start)
  return end < 0 && isLast && start < held.length ? held.length : end
}
