import { basename } from 'node:path'
import { formatByName, guessFormat } from '../guess.ts'
import { openRows } from '../rowSource.ts'
import { openTextFile } from '../textFile.ts'
import type { RowFields } from '../rowFields.ts'
import type { RowSource } from '../rowTaker.ts'
import type { OpenedSource, ReadingOptions } from './reading.ts'

const sampledRows = 1000

/**
 * Opens a corpus file: says what it is and how it is written, and gives its rows.
 * @param readBytes is told of bytes of the file as they are read
 * @throws EngineError 'import/...' where it is nothing that has rows
 */
export async function openRowSource(path: string, options: ReadingOptions = {}, readBytes?: (bytes: number) => void): Promise<OpenedSource> {
  const isParquet = (options.format ?? formatByName(path)) === 'parquet'
  const file = isParquet ? { path, encoding: 'utf-8' as const } : await openTextFile(path)
  const format = options.format ?? (isParquet ? 'parquet' : await guessFormat(file))
  const { columns, read } = await openRows(format, file, readBytes)
  return {
    reading: { file: basename(path), container: isParquet ? 'parquet' : 'plain', encoding: file.encoding, format, delimiter: null, quote: null, escape: null, header: null, rowsSkipped: [], notes: [] },
    columns,
    sample: await firstRows(await openRows(format, file)),
    read,
  }
}

async function firstRows({ columns, read }: RowSource): Promise<string[][]> {
  const rows: string[][] = []
  const taker = {
    row: (_: number, fields: RowFields) => void (rows.length < sampledRows && rows.push(columns.map((_, index) => fields.text(index)))),
    reject: () => undefined,
  }
  for await (const _ of read(taker)) if (rows.length >= sampledRows) break
  return rows
}
