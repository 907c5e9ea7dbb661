import { parse } from 'csv-parse'
import { Readable } from 'node:stream'
import type { CorpusFormat } from '#protocol/experiment.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { lines, textChunks, type TextFile } from './textFile.ts'

/** A row of a source: its fields in the order of the columns, or why it has none. */
export type SourceRow =
  | { line: number; fields: string[]; reason?: undefined }
  | { line: number; reason: string; explanation: string; raw: string }

export interface RowSource {
  columns: string[]
  rows: AsyncIterable<SourceRow>
}

const textForms = { 'user-info': ['author', 'lat', 'lon', 'text'], 'lat-lon-text': ['lat', 'lon', 'text'] } as const

/** How much of a bad row the rejects table keeps. */
export const keptOfRejected = 1000

/** Opens a source by its format. Columns are known before the first row is read. */
export async function openRowSource(format: CorpusFormat, file: TextFile, read?: (bytes: number) => void): Promise<RowSource> {
  switch (format) {
    case 'user-info':
    case 'lat-lon-text':
      return { columns: [...textForms[format]], rows: tabbedRows(file, textForms[format].length, read) }
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

const tooLong = (number: number, raw: string): SourceRow => ({
  line: number,
  reason: 'line-too-long',
  explanation: 'The line is longer than 8 million characters.',
  raw: raw.slice(0, keptOfRejected),
})

/** Fields between tabs; quotes are ordinary characters, and the last field keeps the tabs that it holds. */
async function* tabbedRows(file: TextFile, count: number, read?: (bytes: number) => void): AsyncGenerator<SourceRow> {
  for await (const { number, text, tooLong: long } of lines(file, read)) {
    if (long) yield tooLong(number, text)
    else if (text.trim() === '') continue
    else {
      const fields = text.split('\t', count - 1)
      const rest = fields.reduce((length, field) => length + field.length + 1, 0)
      if (fields.length < count - 1 || rest > text.length) {
        yield {
          line: number,
          reason: 'wrong-column-count',
          explanation: `The line has ${text.split('\t').length} fields between tabs, expected ${count}.`,
          raw: text.slice(0, keptOfRejected),
        }
      } else yield { line: number, fields: [...fields, text.slice(rest)] }
    }
  }
}

/** The delimiter that splits the first line most often; spreadsheets of many countries write semicolons. */
export function guessDelimiter(firstLine: string): string {
  const outside = firstLine.replace(/"[^"]*"/g, '')
  return [',', ';', '\t', '|'].reduce((best, candidate) => (outside.split(candidate).length > outside.split(best).length ? candidate : best))
}

async function firstLineOf(file: TextFile): Promise<string> {
  for await (const { text } of lines(file)) return text
  return ''
}

interface CsvRecord {
  record: string[]
  info: { lines: number }
}

async function tableRows(file: TextFile, format: 'csv' | 'tsv', read?: (bytes: number) => void): Promise<RowSource> {
  const head = await firstLineOf(file)
  const delimiter = format === 'tsv' ? '\t' : guessDelimiter(head)
  const parser = Readable.from(textChunks(file, read)).pipe(
    parse({ delimiter, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true, max_record_size: 1 << 23 }),
  )
  const records = parser[Symbol.asyncIterator]() as AsyncIterator<CsvRecord>
  const first = await records.next().catch(() => ({ done: true as const, value: undefined }))
  const columns = first.done ? [] : first.value.record.map((name) => name.trim())
  return { columns, rows: csvRows(records, columns.length) }
}

async function* csvRows(records: AsyncIterator<CsvRecord>, count: number): AsyncGenerator<SourceRow> {
  let line = 1
  for (;;) {
    let next: IteratorResult<CsvRecord>
    try {
      next = await records.next()
    } catch (error) {
      const { code, message } = error as Error & { code?: string }
      yield {
        line: line + 1,
        reason: code === 'CSV_QUOTE_NOT_CLOSED' ? 'quote-not-closed' : 'not-a-table-row',
        explanation: `${message} The rows from here to the end of the file were not read.`,
        raw: '',
      }
      return
    }
    if (next.done) return
    const { record, info } = next.value
    line = info.lines
    if (record.length === count) yield { line, fields: record }
    else {
      yield {
        line,
        reason: 'wrong-column-count',
        explanation: `The row has ${record.length} fields, expected ${count}.`,
        raw: record.join('\t').slice(0, keptOfRejected),
      }
    }
  }
}

/** How many lines of a JSON Lines file are read to learn its columns. */
const jsonSample = 100

async function jsonRows(file: TextFile, read?: (bytes: number) => void): Promise<RowSource> {
  const columns = new Set<string>()
  let seen = 0
  for await (const { text } of lines(file)) {
    const value = parseObject(text)
    for (const key of Object.keys(value ?? {})) columns.add(key)
    if (++seen === jsonSample) break
  }
  const names = [...columns]
  async function* rows(): AsyncGenerator<SourceRow> {
    for await (const { number, text, tooLong: long } of lines(file, read)) {
      if (text.trim() === '') continue
      const value = long ? null : parseObject(text)
      if (long) yield tooLong(number, text)
      else if (!value) yield { line: number, reason: 'not-json', explanation: 'The line is not a JSON object.', raw: text.slice(0, keptOfRejected) }
      else yield { line: number, fields: names.map((name) => asText(value[name])) }
    }
  }
  return { columns: names, rows: rows() }
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
  const db = await openDuckDb({ allowedPaths: [path] })
  const columns = (await db.rows('SELECT * FROM (DESCRIBE SELECT * FROM read_parquet($path))', { path })).map((row) => String(row['column_name']))
  async function* rows(): AsyncGenerator<SourceRow> {
    try {
      const result = await db.connection.stream('SELECT COLUMNS(*)::VARCHAR FROM read_parquet($path)', { path })
      let line = 0
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        for (const row of chunk.getRows()) yield { line: ++line, fields: row.map(asText) }
      }
    } finally {
      db.close()
    }
  }
  return { columns, rows: rows() }
}
