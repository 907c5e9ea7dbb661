import type { SourceReading } from '#protocol/reading.ts'
import { EngineError } from '#protocol/errors.ts'
import type { TextFile } from '../../container/textFile.ts'
import { linesOf } from '../lineRows.ts'
import type { ReadingOptions } from '../reading.ts'
import type { TextForm } from '../rowTaker.ts'
import { looksLikeRow } from './cells.ts'
import { sniffDialect, type Sniffed } from './sniffDialect.ts'
import { splitRecord } from './splitRecord.ts'
import { tableHead, type TableHead } from './tableHead.ts'
import { tableRows, type TableCounts } from './tableRows.ts'

/** How much of a file's beginning is looked at. */
const sniffedBytes = 1 << 17

export type TableReading = Pick<SourceReading, 'delimiter' | 'quote' | 'escape' | 'header' | 'rowsSkipped' | 'notes'>

/** What the sample of a table says about it. */
export interface SniffedTable extends Sniffed {
  head: TableHead
  /** Line of the first record. */
  firstLine: number
  comments: number
  hasSepLine: boolean
}

const names: Record<string, string> = { tab: '\t', '\\t': '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ' }

/** @throws EngineError 'import/wrong-delimiter' */
function delimiterOf(wanted: string | undefined): string | undefined {
  const delimiter = wanted === undefined ? undefined : (names[wanted.toLowerCase()] ?? wanted)
  if (delimiter === undefined || ([...delimiter].length === 1 && !'"\n\r'.includes(delimiter))) return delimiter
  throw new EngineError(
    'import/wrong-delimiter',
    `"${wanted}" cannot part fields: expected one character, or tab, comma, semicolon, pipe, space.`,
    { wanted },
  )
}

/** Finds the dialect, the beginning and the columns of a table; see `sniffDialect` and `tableHead`. */
export function sniffTable(file: TextFile, expected: string, options: ReadingOptions): SniffedTable {
  const { bytes, damaged } = file.head
  const cut =
    bytes.length > sniffedBytes ? bytes.subarray(0, bytes.lastIndexOf(0x0a, sniffedBytes) + 1 || sniffedBytes) : bytes
  const lines = linesOf({ bytes: cut, damaged })
  const sep = /^"?sep=(.)"?\s*$/i.exec(lines[0] ?? '')
  const quote = options.quote === undefined || options.quote === 'none' ? options.quote : [...options.quote][0]
  const sniff = (start: number) =>
    sniffDialect(lines.slice(start), start + 1, {
      delimiter: delimiterOf(options.delimiter) ?? sep?.[1],
      quote,
      expected,
    })
  const start = sep ? 1 : 0
  const comments = lines.slice(start).findIndex((line) => line.trim() !== '' && !line.startsWith('#'))
  if (comments > 0) {
    const behind = sniff(start + comments)
    const head = tableHead(
      behind.records.map(({ fields }) => fields),
      options.header,
    )
    const asRow = (line: string) => splitRecord(line, behind.dialect) ?? []
    const above = lines.slice(start, start + comments).filter((line) => line.startsWith('#'))
    if (!above.some((line) => looksLikeRow(asRow(line), head.numeric)))
      return withCommentedHeader(
        { ...behind, head, firstLine: start + comments + 1, comments, hasSepLine: sep !== null },
        above,
        asRow,
        options,
      )
  }
  const found = sniff(start)
  return {
    ...found,
    head: tableHead(
      found.records.map(({ fields }) => fields),
      options.header,
    ),
    firstLine: start + 1,
    comments: 0,
    hasSepLine: sep !== null,
  }
}

/** Some tools write the header as a comment, "#id lat lon". */
function withCommentedHeader(
  table: SniffedTable,
  above: string[],
  asRow: (line: string) => string[],
  options: ReadingOptions,
): SniffedTable {
  const last = asRow(above.at(-1)!.replace(/^#+\s*/, ''))
  if (table.head.header || options.header !== undefined || last.length !== table.head.columns.length || last.length < 2)
    return table
  const records = [{ line: table.firstLine - 1, fields: last }, ...table.records]
  return {
    ...table,
    records,
    head: tableHead(
      records.map(({ fields }) => fields),
      true,
    ),
    comments: table.comments - 1,
  }
}

/** A table as a form of text, and what it was taken for. */
export function openTable({ dialect, records, head, comments, hasSepLine }: SniffedTable): {
  form: TextForm
  reading: TableReading
  finish(): void
} {
  const firstLine = records[head.recordsBefore]?.line ?? (records.at(-1)?.line ?? 0) + 1
  const counts: TableCounts = { short: 0, repeatedHeaders: 0 }
  const rowsSkipped = [...head.rowsSkipped]
  if (comments > 0) rowsSkipped.push({ reason: 'comment', count: comments })
  if (hasSepLine) rowsSkipped.push({ reason: 'sep-line', count: 1 })
  const reading: TableReading = { ...dialect, header: head.header, rowsSkipped, notes: [...head.notes] }
  if (dialect.escape === 'backslash')
    reading.notes.push(
      dialect.quote === null
        ? 'Backslashes stand before tabs and line breaks inside fields, and \\N for nothing, as databases write tables.'
        : 'A quote inside a field is written with a backslash before it.',
    )
  return {
    form: {
      columns: head.columns,
      rows(blocks, taker) {
        counts.short = counts.repeatedHeaders = 0
        return tableRows({ dialect, columns: head.columns, numeric: head.numeric, firstLine }, blocks, taker, counts)
      },
    },
    reading,
    finish() {
      if (counts.repeatedHeaders > 0) rowsSkipped.push({ reason: 'repeated-header', count: counts.repeatedHeaders })
      if (counts.short > 0)
        reading.notes.push(
          `${counts.short} ${counts.short === 1 ? 'row is' : 'rows are'} cut short at the end: the missing cells were taken for empty ones.`,
        )
    },
  }
}
