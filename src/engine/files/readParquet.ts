import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api'
import { damagedFile } from './artefactFile.ts'
import type { DuckDb } from './duckDb.ts'
import { duckDbBindings } from './duckDbPackage.ts'
import { systemError } from './systemError.ts'

/** The rows of the Parquet file $path and no others: a folder that is named `lat=5` would become a column by itself. */
export const parquetFile = 'read_parquet($path, hive_partitioning = false)'

type ColumnType = 'INTEGER' | 'DOUBLE' | 'VARCHAR'

/** Values of another type are converted. */
export interface ReadColumn {
  name: string
  type: ColumnType
  /** SQL that stands for a missing value; left out, none may be missing. */
  otherwise?: string
}

/** Some rows of a table as flat memory, which is valid until the next rows are asked for. */
export interface ReadChunk {
  rowCount: number
  integers(column: number): Int32Array
  doubles(column: number): Float64Array
  /** UTF-8 of each row. */
  strings(column: number): Uint8Array[]
  texts(column: number): string[]
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/**
 * Reads columns of a Parquet file of an artefact, whatever its types are.
 * @param options `rows` that it must have; `rest` of the statement, with its `values`
 * @throws EngineError 'file/damaged' that names the column which cannot be read, or says how many rows there are
 */
export async function* readParquet(
  db: DuckDb,
  path: string,
  columns: ReadColumn[],
  { rows, rest = '', values = {} }: { rows?: number; rest?: string; values?: Record<string, DuckDBValue> } = {},
): AsyncGenerator<ReadChunk> {
  let count = 0
  const otherRows = () => damagedFile(path, `it has ${count} rows${count > rows! ? ' or more' : ''}, expected ${rows}`)
  try {
    for await (const chunk of chunksOf(db, `SELECT ${columns.map(asColumn).join(', ')} FROM ${parquetFile} ${rest}`, {
      path,
      ...values,
    })) {
      count += chunk.rowCount
      if (rows !== undefined && count > rows) throw otherRows()
      yield chunk
    }
    if (rows !== undefined && count < rows) throw otherRows()
  } catch (error) {
    throw unreadable(path, error)
  }
}

/**
 * Compares the rows that a file has with those that it must have, before memory is taken for them.
 * @throws EngineError 'file/damaged'
 */
export async function requireRows(db: DuckDb, path: string, rows: number): Promise<void> {
  const [found] = await db
    .rows(`SELECT count(*)::DOUBLE AS count FROM ${parquetFile}`, { path })
    .catch((error: unknown) => {
      throw unreadable(path, error)
    })
  if (found!['count'] !== rows) throw damagedFile(path, `it has ${found!['count']} rows, expected ${rows}`)
}

/** What cannot be converted has no value, and is met as such where the column becomes an array. */
function asColumn({ name, type, otherwise }: ReadColumn): string {
  const value = `TRY_CAST(${quoted(name)} AS ${type})`
  return `${otherwise === undefined ? value : `CASE WHEN ${quoted(name)} IS NULL THEN ${otherwise} ELSE ${value} END`} AS ${quoted(name)}`
}

/** What DuckDB says of a file that it cannot read, in one line; null for any other error, such as a want of memory. */
export function readingProblem(error: unknown): string | null {
  const line = (error as Error).message.split('\n')[0]!.replace(/[.!]+$/, '')
  return /^(?!Out of Memory|INTERRUPT)([A-Z][A-Za-z ]* Error|TProtocolException): /.test(line) && !systemError(error)
    ? line
    : null
}

function unreadable(path: string, error: unknown): unknown {
  const problem = readingProblem(error)
  return problem === null ? error : damagedFile(path, problem, error)
}

/**
 * Chunks of a query's result in order, the next one being made while one is used; each is released when the next one is
 * asked for, not when it is collected.
 */
export async function* chunksOf(
  db: DuckDb,
  sql: string,
  values: { path: string } & Record<string, DuckDBValue>,
): AsyncGenerator<ReadChunk> {
  const duckdb = duckDbBindings()
  const result = await db.connection.stream(sql, values)
  const names = result.columnNames()
  let first = 0
  let next = result.fetchChunk()
  try {
    for (let chunk = await next; chunk && chunk.rowCount > 0; chunk = await next) {
      next = result.fetchChunk()
      // Its error is told when it is awaited.
      next.catch(() => undefined)
      yield readableChunk(chunk, (column, what, row) =>
        damagedFile(values.path, `its column "${names[column]}" has ${what} in row ${first + row}`),
      )
      first += chunk.rowCount
      duckdb.data_chunk_reset(chunk.chunk)
    }
  } finally {
    // A connection must not be closed under a chunk that is being made.
    await next.catch(() => undefined)
  }
}

type Refuse = (column: number, what: string, row: number) => Error

const elementBytes = { INTEGER: 4, DOUBLE: 8, VARCHAR: 16 }

function readableChunk(chunk: DuckDBDataChunk, refuse: Refuse): ReadChunk {
  const duckdb = duckDbBindings()
  const count = chunk.rowCount
  /** The one place where a column becomes memory: what has another type, or rows without a value, would be read as something else. */
  function memoryOf(column: number, type: ColumnType): Uint8Array {
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, column)
    const found = duckdb.get_type_id(duckdb.vector_get_column_type(vector))
    if (found !== duckdb.Type[type]) throw refuse(column, `values of type ${duckdb.Type[found]}, not ${type},`, 0)
    const missing = firstMissing(duckdb.vector_get_validity(vector, 8 * Math.ceil(count / 64)), count)
    if (missing >= 0) throw refuse(column, `no value of type ${type}`, missing)
    return duckdb.vector_get_data(vector, elementBytes[type] * count)
  }
  return {
    rowCount: count,
    integers(column) {
      const { buffer, byteOffset } = memoryOf(column, 'INTEGER')
      return new Int32Array(buffer, byteOffset, count)
    },
    doubles(column) {
      const { buffer, byteOffset } = memoryOf(column, 'DOUBLE')
      return new Float64Array(buffer, byteOffset, count)
    },
    strings: (column) => stringsOf(memoryOf(column, 'VARCHAR'), count),
    texts(column) {
      memoryOf(column, 'VARCHAR')
      return chunk.getColumnValues(column) as string[]
    },
  }
}

/** The first row whose bit is not set, or -1. */
function firstMissing(validity: Uint8Array | null, count: number): number {
  if (!validity) return -1
  for (let row = 0; row < count; row++) if (!((validity[row >> 3]! >> (row & 7)) & 1)) return row
  return -1
}

/** A string is its length and, where it is at most this long, its bytes; else a pointer at offset 8. */
const inlineBytes = 12
const stringBytes = 16

/**
 * Strings that lie one behind the other, as a chunk's mostly do, are taken over together: a buffer each would cost more
 * than the text.
 */
function stringsOf(data: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const lengthOf = (row: number) => view.getUint32(stringBytes * row, true)
  // Addresses have 48 bits.
  const addressOf = (row: number) =>
    view.getUint32(stringBytes * row + 8, true) + 2 ** 32 * view.getUint32(stringBytes * row + 12, true)
  const strings = new Array<Uint8Array>(count)
  for (let row = 0; row < count;) {
    if (lengthOf(row) <= inlineBytes) {
      strings[row] = data.subarray(stringBytes * row + 4, stringBytes * row + 4 + lengthOf(row))
      row++
      continue
    }
    const start = addressOf(row)
    let [end, last] = [start + lengthOf(row), row + 1]
    while (last < count && lengthOf(last) > inlineBytes && addressOf(last) === end) end += lengthOf(last++)
    const run = duckDbBindings().get_data_from_pointer(
      data.buffer as ArrayBuffer,
      data.byteOffset + stringBytes * row + 8,
      end - start,
    )
    for (; row < last; row++) {
      const at = addressOf(row) - start
      strings[row] = run.subarray(at, at + lengthOf(row))
    }
  }
  return strings
}
