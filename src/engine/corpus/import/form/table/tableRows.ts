import type { TextBlock } from '../../container/encoding/blockDecoder.ts'
import { longestLine } from '../../container/lineSplitter.ts'
import { lineRows, type LineTaker } from '../lineRows.ts'
import { RowFields } from '../rowFields.ts'
import { keptOfRejected, textOf, tooLong, type RowTaker } from '../rowTaker.ts'
import { isMissing, isNumber, looksLikeRow } from './cells.ts'
import { splitRecord, type Dialect } from './splitRecord.ts'

export interface Table {
  dialect: Dialect
  columns: string[]
  /** Which columns hold numbers. */
  numeric: boolean[]
  /** The line in which the first row begins. */
  firstLine: number
}

/** What is told of rows that were taken or left out in silence. */
export interface TableCounts {
  /** Rows cut short at the end, whose missing cells are empty. */
  short: number
  /** Rows that repeat the header. */
  repeatedHeaders: number
}

interface PendingLine {
  line: number
  text: string
}

/**
 * The rows of a table. Lines without a quote are cut as bytes; a row whose quotes hold line breaks is put together from its
 * lines. A quote that is not closed where a field could end costs its own line: the lines after it are read one by one, as
 * soon as one of them is a row by itself.
 */
export function tableRows(
  { dialect, columns, numeric, firstLine }: Table,
  blocks: AsyncIterable<TextBlock>,
  taker: RowTaker,
  counts: TableCounts,
): AsyncGenerator<void> {
  const count = columns.length
  const fields = new RowFields(count)
  const cut = byteCutter(dialect, columns[0] ?? '', fields)
  let pending: PendingLine[] = []
  let pendingBytes = 0
  let block: Buffer | null = null
  let blockHasNul = false

  const wrongCount = (line: number, found: number, raw: string) =>
    taker.reject(
      line,
      'wrong-column-count',
      `The row has ${found} fields, expected ${count}.`,
      raw.slice(0, keptOfRejected),
    )

  function takeTexts(line: number, texts: string[]): void {
    if (texts.length !== count) {
      const isLonger = texts.length > count
      const fits = isLonger
        ? texts.slice(count).every((text) => text.trim() === '')
        : texts.length > 1 && texts.every((text, column) => !numeric[column] || isNumber(text) || isMissing(text))
      if (!fits) return wrongCount(line, texts.length, texts.join('\t'))
      if (!isLonger) counts.short++
      texts = isLonger ? texts.slice(0, count) : [...texts, ...new Array<string>(count - texts.length).fill('')]
    }
    if (texts[0] === columns[0] && texts.every((text, column) => text.trim() === columns[column]))
      return void counts.repeatedHeaders++
    if (texts.every((text) => text.trim() === '')) return
    fields.setTexts(texts)
    taker.row(line, fields)
  }

  function takeWhole(line: number, text: string): void {
    const texts = splitRecord(text, dialect)
    if (texts) takeTexts(line, texts)
    else
      taker.reject(
        line,
        'quote-not-closed',
        'A quote that opens in this line is not closed in it.',
        text.slice(0, keptOfRejected),
      )
  }

  /** Lines that a quote has swallowed: the first holds the quote, the others are read one by one. */
  function rescue(): void {
    const [first, ...others] = pending
    pending = []
    pendingBytes = 0
    taker.reject(
      first!.line,
      'quote-not-closed',
      'A quote that opens in this line is not closed where a field could end. The lines after it were read one by one.',
      first!.text.slice(0, keptOfRejected),
    )
    for (const { line, text } of others) if (text.trim() !== '') takeWhole(line, text)
  }

  function goOn(line: number, text: string): void {
    pending.push({ line, text })
    pendingBytes += text.length
    if (pending.length > 1 && looksLikeRow(text.split(dialect.delimiter), numeric)) return rescue()
    if (pendingBytes > longestLine) return rescue()
    if (pending.length > 1 && !text.includes(dialect.quote!)) return
    const seen = { needed: 0, quoted: 0, misplaced: 0 }
    const texts = splitRecord(pending.map((each) => each.text).join('\n'), dialect, seen)
    if (!texts) return
    if (pending.length > 1 && (seen.misplaced > 0 || texts.length !== count)) return rescue()
    const { line: first } = pending[0]!
    pending = []
    pendingBytes = 0
    takeTexts(first, texts)
  }

  const take: LineTaker['take'] = (line, bytes, start, end, is) => {
    if (line < firstLine) return
    if (is.tooLong) {
      if (pending.length > 0) rescue()
      return taker.reject(line, tooLong.reason, tooLong.explanation, textOf(bytes, start, end))
    }
    if (pending.length === 0 && cut(bytes, start, end, count)) {
      fields.bytes = bytes
      fields.damaged = is.damaged
      // A line over two blocks has a buffer of its own.
      fields.mayHaveNul = bytes !== block || blockHasNul
      return taker.row(line, fields)
    }
    const text = bytes.toString('utf8', start, end)
    if (pending.length > 0 || (dialect.quote !== null && text.includes(dialect.quote))) return goOn(line, text)
    if (text.trim() !== '') takeTexts(line, splitRecord(text, dialect)!)
  }

  return lineRows(blocks, {
    take,
    block(bytes) {
      block = bytes
      blockHasNul = bytes.includes(0)
    },
    end: () => pending.length > 0 && rescue(),
  })
}

/**
 * Cuts lines as bytes where that is all there is to do: no quote, no escape, the right number of fields, the first of them
 * neither empty nor the first column's name, which may be the header again.
 */
function byteCutter({ delimiter, quote, escape }: Dialect, firstName: string, { starts, ends }: RowFields) {
  const isPlain = delimiter !== ' ' && delimiter <= '\x7f' && !(quote === null && escape === 'backslash')
  const part = delimiter.charCodeAt(0)
  const mark = quote?.charCodeAt(0) ?? -1
  const name = Buffer.from(firstName)
  return (bytes: Buffer, start: number, end: number, count: number): boolean => {
    if (!isPlain) return false
    let field = 0
    let from = start
    for (let at = start; at < end; at++) {
      const byte = bytes[at]
      if (byte === mark) return false
      if (byte !== part) continue
      if (field === count - 1) return false
      starts[field] = from
      ends[field++] = at
      from = at + 1
    }
    if (field < count - 1) return false
    starts[field] = from
    ends[field] = end
    const length = ends[0]! - starts[0]!
    return length > 0 && !(length === name.length && bytes.compare(name, 0, length, starts[0], ends[0]) === 0)
  }
}
