import { basename } from 'node:path'
import type { CorpusFormat } from '#protocol/experiment.ts'
import type { SourceReading } from '#protocol/reading.ts'
import { EngineError } from '#protocol/errors.ts'
import type { TextBlock } from '../container/encoding/blockDecoder.ts'
import { encodedTwiceNote } from '../container/encoding/misread.ts'
import { openPacked, type PackedFile } from '../container/packedFile.ts'
import { openTextFile, type TextFile } from '../container/textFile.ts'
import { guessTextFormat } from './guessTextFormat.ts'
import { jsonForm } from './json/jsonForm.ts'
import { jsonLayout, type JsonLayout } from './json/jsonLayout.ts'
import { parquetSource } from './parquetSource.ts'
import type { OpenedSource, ReadingOptions } from './reading.ts'
import type { RowFields } from './rowFields.ts'
import type { ReadRows, RowTaker, TextForm } from './rowTaker.ts'
import { refuseOtherForms } from './refuseOtherForms.ts'
import { openTable, sniffTable, type TableReading } from './table/openTable.ts'
import { tabbedForm } from './tabbedForm.ts'
import { workbookSource } from './workbookSource.ts'

const sampledRows = 1000

/**
 * Opens a corpus file: says what it is and how it is written, and gives its rows.
 * @param readBytes is told of bytes of the file as they are read
 * @throws EngineError 'import/...' where it is nothing that has rows, or not what `options` say
 */
export async function openRowSource(
  path: string,
  options: ReadingOptions = {},
  readBytes?: (bytes: number) => void,
): Promise<OpenedSource> {
  const packed = await openPacked(path)
  if (packed.container === 'parquet') {
    const { columns, read } = await parquetSource(path)
    return { reading: readingOf(packed, 'parquet'), columns, sample: await firstRows(columns.length, read), read }
  }
  if (packed.container === 'xlsx' || packed.container === 'ods') {
    const { found, ...source } = await workbookSource(path, packed.container, options)
    return { ...source, reading: { ...readingOf(packed, packed.container), ...found } }
  }
  if (options.format === 'parquet' || options.format === 'xlsx' || options.format === 'ods') {
    const names = { parquet: 'a Parquet file', xlsx: 'an Excel workbook', ods: 'an OpenDocument spreadsheet' }
    throw new EngineError(
      'import/wrong-container',
      `${path} is not ${names[options.format]}. Leave the format out, and it is found (--format, corpus.format).`,
      { path },
    )
  }
  return openText(packed, await openTextFile(packed, options.encoding), options, readBytes)
}

const readingOf = ({ path, container }: PackedFile, format: string): SourceReading => ({
  file: basename(path),
  container,
  encoding: 'utf-8',
  format,
  delimiter: null,
  quote: null,
  escape: null,
  header: null,
  rowsSkipped: [],
  notes: [],
})

async function openText(
  packed: PackedFile,
  file: TextFile,
  options: ReadingOptions,
  readBytes?: (bytes: number) => void,
): Promise<OpenedSource> {
  if (options.format === undefined) refuseOtherForms(packed.path, file)
  const format = options.format ?? guessTextFormat(file, packed.inside ?? packed.path)
  const { form, reading: found, finish } = formOf(file, format, options)
  const reading: SourceReading = { ...readingOf(packed, format), encoding: file.encoding, ...found }
  if (packed.inside !== null) reading.notes.push(`The archive holds one table, ${packed.inside}, which was read.`)
  const notes = [...reading.notes]
  const complete = () => {
    finish?.()
    reading.encoding = file.encoding
    reading.notes = [...new Set([...file.notes, ...notes, ...(found?.notes ?? [])])]
  }
  async function* read(taker: RowTaker): AsyncGenerator<void> {
    yield* form.rows(file.blocks(readBytes), taker)
    complete()
  }
  const sample = await firstRows(form.columns.length, (taker) => form.rows(one(file.head), taker))
  const twice = encodedTwiceNote(sample)
  if (twice !== null) notes.push(twice)
  reading.notes = [...file.notes, ...notes]
  return { reading, columns: form.columns, sample, read }
}

interface Form {
  form: TextForm
  reading?: TableReading | { notes: string[] }
  /** Once all rows are read: tells what came up meanwhile. */
  finish?: () => void
}

function formOf(file: TextFile, format: CorpusFormat, options: ReadingOptions): Form {
  switch (format) {
    case 'user-info':
    case 'lat-lon-text':
      return { form: tabbedForm(format) }
    case 'csv':
    case 'tsv':
      return openTable(sniffTable(file, format === 'tsv' ? '\t' : ',', options))
    case 'jsonl':
    case 'json':
    case 'geojson': {
      const { form, notes, finish } = jsonForm(file, jsonLayout(file.head) ?? layoutOf[format])
      return { form, reading: { notes }, finish }
    }
    case 'parquet':
    case 'xlsx':
    case 'ods':
      throw new Error(`${format} is no text.`)
    default:
      throw format satisfies never
  }
}

/** What a format named by the user means where the text does not show it. */
const layoutOf: Record<'jsonl' | 'json' | 'geojson', JsonLayout> = {
  jsonl: { format: 'jsonl', kind: 'lines', key: null },
  json: { format: 'json', kind: 'objects', key: null },
  geojson: { format: 'geojson', kind: 'list', key: 'features' },
}

async function* one(block: TextBlock): AsyncGenerator<TextBlock> {
  yield await Promise.resolve(block)
}

/** The first rows as text; rejected ones are left out. */
async function firstRows(count: number, read: ReadRows): Promise<string[][]> {
  const rows: string[][] = []
  const taker: RowTaker = {
    row(_line, fields: RowFields) {
      if (rows.length < sampledRows) rows.push(Array.from({ length: count }, (_, index) => fields.text(index)))
    },
    reject: () => undefined,
  }
  for await (const _ of read(taker)) if (rows.length >= sampledRows) break
  return rows
}
