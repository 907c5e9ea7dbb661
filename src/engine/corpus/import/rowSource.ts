import type { CorpusFormat } from '#protocol/experiment.ts'
import { chunksOf, stringBytesOf } from '#engine/files/duckDbColumns.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { tableRows } from './csvRows.ts'
import { lineSplitter, type TakeLine } from './lineSplitter.ts'
import { RowFields } from './rowFields.ts'
import { keptOfRejected, textOf, tooLong, type RowSource, type RowTaker } from './rowTaker.ts'
import { firstLines, textBlocks, type TextFile } from './textFile.ts'

const textForms = { 'user-info': ['author', 'lat', 'lon', 'text'], 'lat-lon-text': ['lat', 'lon', 'text'] } as const

/** Opens a source by its format. Columns are known before the first row is read. */
export async function openRows(format: CorpusFormat, file: TextFile, read?: (bytes: number) => void): Promise<RowSource> {
  switch (format) {
    case 'user-info':
    case 'lat-lon-text':
      return { columns: [...textForms[format]], read: (taker) => lineRows(file, read, tabbedLines(textForms[format].length, taker)) }
    case 'csv':
    case 'tsv':
      return tableRows(file, format, read)
    case 'jsonl':
      return jsonRows(file, read)
    case 'parquet':
      return parquetRows(file.path)
    default:
      throw format satisfies never
  }
}

type LineTaker = { take: TakeLine; block?: (bytes: Buffer) => void }

async function* lineRows(file: TextFile, read: ((bytes: number) => void) | undefined, { take, block: see }: LineTaker): AsyncGenerator<void> {
  const splitter = lineSplitter()
  for await (const block of textBlocks(file, read)) {
    see?.(block.bytes)
    splitter.push(block, take)
    yield
  }
  splitter.end(take)
}

const tab = 0x09

/** Fields between tabs; quotes are ordinary characters, and the last field keeps the tabs that it holds. */
function tabbedLines(count: number, taker: RowTaker): LineTaker {
  const fields = new RowFields(count)
  let block: Buffer | null = null
  let blockHasNul = false
  const take: TakeLine = (line, bytes, start, end, is) => {
    if (is.tooLong) return taker.reject(line, tooLong.reason, tooLong.explanation, textOf(bytes, start, end))
    let field = 0
    let from = start
    for (let at = start; field < count - 1 && at < end; at++) {
      if (bytes[at] !== tab) continue
      fields.starts[field] = from
      fields.ends[field++] = at
      from = at + 1
    }
    if (field < count - 1) {
      const text = bytes.toString('utf8', start, end)
      if (text.trim() === '') return
      const found = text.split('\t').length
      taker.reject(line, 'wrong-column-count', `The line has ${found} fields between tabs, expected ${count}.`, text.slice(0, keptOfRejected))
      return
    }
    fields.starts[field] = from
    fields.ends[field] = end
    fields.bytes = bytes
    fields.damaged = is.damaged
    // A line over two blocks has a buffer of its own.
    fields.mayHaveNul = bytes !== block || blockHasNul
    taker.row(line, fields)
  }
  return {
    take,
    block(bytes) {
      block = bytes
      blockHasNul = bytes.includes(0)
    },
  }
}

/** How many lines of a JSON Lines file are read to learn its columns. */
const jsonSample = 100

async function jsonRows(file: TextFile, read?: (bytes: number) => void): Promise<RowSource> {
  const columns = new Set<string>()
  for (const line of await firstLines(file, jsonSample)) for (const key of Object.keys(parseObject(line) ?? {})) columns.add(key)
  const names = [...columns]
  return {
    columns: names,
    read(taker) {
      const fields = new RowFields(names.length)
      const take: TakeLine = (line, bytes, start, end, is) => {
        if (is.tooLong) return taker.reject(line, tooLong.reason, tooLong.explanation, textOf(bytes, start, end))
        const text = bytes.toString('utf8', start, end)
        if (text.trim() === '') return
        const value = parseObject(text)
        if (!value) return taker.reject(line, 'not-json', 'The line is not a JSON object.', text.slice(0, keptOfRejected))
        fields.setTexts(names.map((name) => asText(value[name])))
        taker.row(line, fields)
      }
      return lineRows(file, read, { take })
    },
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const asText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value as number)

async function parquetRows(path: string): Promise<RowSource> {
  const open = () => openDuckDb({ allowedPaths: [path] })
  const db = await open()
  let columns: string[]
  try {
    columns = (await db.rows('SELECT * FROM (DESCRIBE SELECT * FROM read_parquet($path))', { path })).map((row) => String(row['column_name']))
  } finally {
    db.close()
  }
  async function* read(taker: RowTaker): AsyncGenerator<void> {
    const fields = new RowFields(columns.length)
    const reader = await open()
    try {
      let line = 0
      const texts = columns.map((name) => `coalesce("${name.replaceAll('"', '""')}"::VARCHAR, '')`).join(', ')
      for await (const chunk of chunksOf(reader, `SELECT ${texts} FROM read_parquet($path)`, { path })) {
        const values = columns.map((_, column) => stringBytesOf(chunk, column))
        for (let row = 0; row < chunk.rowCount; row++) {
          fields.setBytes(values.map((column) => column[row]!))
          taker.row(++line, fields)
        }
        yield
      }
    } finally {
      reader.close()
    }
  }
  return { columns, read }
}
