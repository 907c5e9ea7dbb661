import { basename } from 'node:path'
import type { TextRow, TextSource } from '#protocol/texts.ts'
import { EngineError } from '#protocol/errors.ts'
import { openPacked, type PackedFile } from '../import/container/packedFile.ts'
import { openTextFile } from '../import/container/textFile.ts'
import { guessTextFormat } from '../import/form/guessTextFormat.ts'
import { lineRows } from '../import/form/lineRows.ts'
import { openRowSource } from '../import/form/openRowSource.ts'
import { tooLong } from '../import/form/rowTaker.ts'
import { ColumnContent } from '../import/roles/columnContent.ts'
import { guessText } from '../import/roles/guesses.ts'

export interface TextRowsOptions {
  /** The column of the texts; guessed without it. */
  text?: string | undefined
  /** Every line is a text, whatever it looks like. */
  plain?: boolean | undefined
}

/** The rows of a file of texts, in their order, from where the last question ended. */
export interface TextRows extends Omit<TextSource, 'source'> {
  /** Up to some `most` rows more; none at the end. */
  next(most: number): Promise<TextRow[]>
  close(): Promise<void>
}

/**
 * Opens texts in any form that a corpus may have (tables, workbooks, JSON, Parquet, packed or not), and files of a text a line:
 * with `plain`, or where the name ends with .txt and the content is none of a corpus's own forms.
 * @throws EngineError 'texts/column-missing'; 'import/...' where the file is nothing that has rows
 */
export async function openTextRows(path: string, { text, plain }: TextRowsOptions = {}): Promise<TextRows> {
  const packed = await openPacked(path)
  if (plain === true || (text === undefined && (await isLines(packed)))) return linesOf(packed)
  const { reading, columns, sample, read } = await openRowSource(path)
  const index = text === undefined ? guessedColumn(columns, sample) : namedColumn(path, columns, text)
  const guessed =
    text === undefined && columns.length > 1
      ? [`The texts are taken from column "${columns[index]}"; --text names another.`]
      : []
  return {
    file: basename(path),
    format: reading.format,
    delimiter: reading.delimiter,
    columns,
    text: index,
    notes: [...reading.notes, ...guessed],
    ...pulled((put) =>
      read({
        row: (line, fields) => put({ line, fields: columns.map((_, column) => fields.text(column)) }),
        reject: (line, _reason, problem) => put({ line, problem }),
      }),
    ),
  }
}

/** Names of plain text; what follows tells that it is packed. */
const endsAsText = /\.txt(\.gz|\.zst|\.zip)?$/i

async function isLines(packed: PackedFile): Promise<boolean> {
  if (!endsAsText.test(packed.path) || ['xlsx', 'ods', 'parquet'].includes(packed.container)) return false
  return ['csv', 'tsv'].includes(guessTextFormat(await openTextFile(packed), packed.path))
}

async function linesOf(packed: PackedFile): Promise<TextRows> {
  const file = await openTextFile(packed)
  return {
    file: basename(packed.path),
    format: 'lines',
    delimiter: null,
    columns: ['text'],
    text: 0,
    notes: file.notes,
    ...pulled((put) =>
      lineRows(file.blocks(), {
        take(line, bytes, start, end, { tooLong: isTooLong }) {
          if (isTooLong) return put({ line, problem: tooLong.explanation })
          const text = bytes.toString('utf8', start, end)
          if (text.trim() !== '') put({ line, fields: [text] })
        },
      }),
    ),
  }
}

/** Sources push rows block by block; here they are taken a few at a time. */
function pulled(start: (put: (row: TextRow) => void) => AsyncIterable<void>): Pick<TextRows, 'next' | 'close'> {
  let rows: TextRow[] = []
  let at = 0
  const blocks = start((row) => rows.push(row))[Symbol.asyncIterator]()
  return {
    async next(most) {
      let isEnd = false
      while (!isEnd && rows.length - at < most) isEnd = (await blocks.next()).done === true
      const taken = rows.slice(at, at + most)
      at += taken.length
      if (at === rows.length) [rows, at] = [[], 0]
      return taken
    },
    async close() {
      await blocks.return?.()
    },
  }
}

/** @throws EngineError 'texts/column-missing' */
function namedColumn(path: string, columns: string[], name: string): number {
  const index = columns.indexOf(name)
  if (index >= 0) return index
  throw new EngineError(
    'texts/column-missing',
    `${path} has no column "${name}"; found ${columns.map((one) => `"${one}"`).join(', ')}. Name one of them with --text.`,
    { path, column: name },
  )
}

/** By name and content as an import finds it, else the column with the longest values. */
function guessedColumn(columns: string[], sample: string[][]): number {
  const contents = columns.map((_, index) => new ColumnContent(sample, index))
  const { index } = guessText({ columns, contents, open: [...columns.keys()] })
  if (index !== null) return index
  const lengths = contents.map(({ values }) => values.reduce((sum, { length }) => sum + length, 0))
  return lengths.indexOf(Math.max(...lengths))
}
