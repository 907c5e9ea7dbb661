import { parse, type Options, type Parser } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { longestLine } from './lineSplitter.ts'
import { RowFields } from './rowFields.ts'
import { keptOfRejected, textOf, tooLong, type RowSource, type RowTaker } from './rowTaker.ts'
import { firstLines, textBlocks, type TextFile } from './textFile.ts'

interface CsvRecord {
  record: string[]
  info: { lines: number; bytes: number }
}

const newline = 0x0a

/** The delimiter that splits the first line most often; spreadsheets of many countries write semicolons. */
export function guessDelimiter(firstLine: string): string {
  const outside = firstLine.replace(/"[^"]*"/g, '')
  return [',', ';', '\t', '|'].reduce((best, candidate) => (outside.split(candidate).length > outside.split(best).length ? candidate : best))
}

/** The rows of a table with a header. */
export async function tableRows(file: TextFile, format: 'csv' | 'tsv', read?: (bytes: number) => void): Promise<RowSource> {
  const [head = ''] = await firstLines(file, 1)
  const options: Options = { delimiter: format === 'tsv' ? '\t' : guessDelimiter(head), relax_column_count: true, relax_quotes: true, skip_empty_lines: true }
  const columns = (await firstRecord(file, options)).map((name) => name.trim())
  return { columns, read: (taker) => csvRows(file, options, columns.length, taker, read) }
}

async function firstRecord(file: TextFile, options: Options): Promise<string[]> {
  const parser = parse({ ...options, to: 1 })
  let first: string[] | null = null
  parser.on('error', () => undefined)
  for await (const { bytes } of textBlocks(file)) {
    if (bytes.length === 0) continue
    const { records, failed } = await feed<string[]>(parser, bytes)
    first = records[0] ?? null
    if (first || failed) break
  }
  return first ?? (await feed<string[]>(parser, null)).records[0] ?? []
}

/** Gives a parser bytes, or their end, and takes the records that it makes of them. */
async function feed<Entry>(parser: Parser, bytes: Buffer | null): Promise<{ records: Entry[]; failed: Error | null }> {
  let told: (error: Error) => void = () => undefined
  const fed = new Promise<Error | null>((resolve) => {
    told = resolve
    parser.once('error', told)
    if (bytes) parser.write(bytes, (error) => resolve(error ?? null))
    else parser.end(() => resolve(null))
  })
  const records: Entry[] = []
  const drain = () => {
    for (let entry = parser.read() as Entry | null; entry !== null; entry = parser.read() as Entry | null) records.push(entry)
  }
  // The parser waits with its answer until its records are taken.
  parser.on('readable', drain)
  drain()
  const failed = await fed
  drain()
  parser.off('readable', drain).off('error', told)
  return { records, failed }
}

/**
 * Reads a table's rows; quoted fields may hold line breaks. A quote that is never closed would take all that follows for
 * one field, or what lies before the next stray quote: such a row's first line is rejected, and its other lines are read
 * each for itself.
 */
async function* csvRows(file: TextFile, options: Options, count: number, taker: RowTaker, read?: (bytes: number) => void): AsyncGenerator<void> {
  const fields = new RowFields(count)
  /** Bytes that no record has used yet, and the line that they begin in. */
  let pending = Buffer.alloc(0)
  let line = 1
  let isHeader = true
  let used = 0
  let skipping = false
  let parser = open()

  function open(): Parser {
    used = 0
    const opened = parse({ ...options, info: true, max_record_size: longestLine })
    opened.on('error', () => undefined)
    return opened
  }

  function take(at: number, texts: string[]): void {
    fields.setTexts(texts)
    taker.row(at, fields)
  }

  const wrongCount = (at: number, texts: string[]) =>
    taker.reject(at, 'wrong-column-count', `The row has ${texts.length} fields, expected ${count}.`, texts.join('\t').slice(0, keptOfRejected))

  /** Lines that a quote has swallowed: the first holds the quote, the others are read one by one. */
  function rescue(bytes: Buffer, at: number): void {
    let isFirst = true
    for (let start = 0; start < bytes.length; at++) {
      const end = bytes.indexOf(newline, start)
      const stop = end < 0 ? bytes.length : end
      const text = bytes.toString('utf8', start, Math.min(stop, start + longestLine)).replace(/\r$/, '')
      const raw = text.slice(0, keptOfRejected)
      start = stop + 1
      if (text.trim() === '') continue
      if (isFirst) taker.reject(at, 'quote-not-closed', 'A quote that opens in this line is not closed where a field could end. The lines after it were read one by one.', raw)
      else if (stop - start > longestLine) taker.reject(at, tooLong.reason, tooLong.explanation, raw)
      else {
        const texts = parseLine(text)
        if (!texts) taker.reject(at, 'quote-not-closed', 'A quote that opens in this line is not closed in it.', raw)
        else if (texts.length === count) take(at, texts)
        else wrongCount(at, texts)
      }
      isFirst = false
    }
  }

  function parseLine(text: string): string[] | null {
    if (!text.includes('"')) return text.split(options.delimiter as string)
    try {
      return (parseSync(text, options) as unknown as string[][])[0] ?? []
    } catch {
      return null
    }
  }

  function takeRecord({ record, info }: CsvRecord): void {
    const span = pending.subarray(0, info.bytes - used)
    pending = pending.subarray(info.bytes - used)
    used = info.bytes
    // The parser counts a record's line break with it or with the next one.
    const body = trimStart(span)
    const first = line + newlinesIn(span.subarray(0, span.length - body.length))
    line += newlinesIn(span)
    if (isHeader) isHeader = false
    else if (record.length === count) take(first, record)
    else if (newlinesIn(trimEnd(body)) > 0) rescue(body, first)
    else wrongCount(first, record)
  }

  /** After a parser has failed: what it held is read line by line, and a new one goes on behind it. */
  function recover(isEnd: boolean): Buffer {
    const end = isEnd ? pending.length : pending.lastIndexOf(newline) + 1
    const held = pending.subarray(0, end)
    const rest = Buffer.from(pending.subarray(end))
    const body = trimStart(held)
    isHeader = false
    rescue(body, line + newlinesIn(held.subarray(0, held.length - body.length)))
    line += newlinesIn(held)
    if (rest.length > longestLine) {
      taker.reject(line, tooLong.reason, tooLong.explanation, textOf(rest, 0, rest.length))
      skipping = true
    }
    pending = Buffer.alloc(0)
    parser = open()
    return skipping ? Buffer.alloc(0) : rest
  }

  for await (const block of textBlocks(file, read)) {
    let bytes = block.bytes
    if (skipping) {
      const end = bytes.indexOf(newline)
      if (end < 0) continue
      line++
      skipping = false
      bytes = bytes.subarray(end + 1)
    }
    while (bytes.length > 0) {
      pending = Buffer.concat([pending, bytes])
      const { records, failed } = await feed<CsvRecord>(parser, bytes)
      records.forEach(takeRecord)
      bytes = failed ? recover(false) : Buffer.alloc(0)
    }
    yield
  }
  const { records, failed } = await feed<CsvRecord>(parser, null)
  records.forEach(takeRecord)
  if (failed) recover(true)
}

const newlinesIn = (bytes: Buffer) => {
  let found = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) found++
  return found
}

const isBreak = (byte: number | undefined) => byte === newline || byte === 0x0d

function trimStart(bytes: Buffer): Buffer {
  let start = 0
  while (start < bytes.length && isBreak(bytes[start])) start++
  return bytes.subarray(start)
}

function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && isBreak(bytes[end - 1])) end--
  return bytes.subarray(0, end)
}
