import { DOUBLE, DuckDBTableFunction, INTEGER, VARCHAR, type DuckDBDataChunk } from '@duckdb/node-api'
import duckdb from '@duckdb/node-bindings'
import type { DuckDb } from './duckDb.ts'

/** Columns of DuckDB as flat memory: what is large passes to and fro without a JavaScript value a cell. */

/** A string is its length and, where it is at most this long, its bytes; else a pointer at offset 8. */
const inlineBytes = 12
const stringBytes = 16

/** Rows of a chunk at most. */
export const chunkRows = duckdb.vector_size()

const vectorOf = (chunk: DuckDBDataChunk, column: number) => duckdb.data_chunk_get_vector(chunk.chunk, column)

/**
 * UTF-8 of a chunk's VARCHAR column, which has no nulls; valid until the chunk is released. Strings that lie one behind
 * the other, as a chunk's mostly do, are taken over together: a buffer each would cost more than the text.
 */
export function stringBytesOf(chunk: DuckDBDataChunk, column: number): Uint8Array[] {
  const count = chunk.rowCount
  const data = duckdb.vector_get_data(vectorOf(chunk, column), stringBytes * count)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const lengthOf = (row: number) => view.getUint32(stringBytes * row, true)
  // Addresses have 48 bits.
  const addressOf = (row: number) => view.getUint32(stringBytes * row + 8, true) + 2 ** 32 * view.getUint32(stringBytes * row + 12, true)
  const strings = new Array<Uint8Array>(count)
  for (let row = 0; row < count; ) {
    if (lengthOf(row) <= inlineBytes) {
      strings[row] = data.subarray(stringBytes * row + 4, stringBytes * row + 4 + lengthOf(row))
      row++
      continue
    }
    const start = addressOf(row)
    let [end, last] = [start + lengthOf(row), row + 1]
    while (last < count && lengthOf(last) > inlineBytes && addressOf(last) === end) end += lengthOf(last++)
    const run = duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, data.byteOffset + stringBytes * row + 8, end - start)
    for (; row < last; row++) {
      const at = addressOf(row) - start
      strings[row] = run.subarray(at, at + lengthOf(row))
    }
  }
  return strings
}

/** Values of a chunk's column, which has no nulls and elements of the type's size; valid until the chunk is released. */
export function numbersOf<Numbers>(
  chunk: DuckDBDataChunk,
  column: number,
  Type: { new (buffer: ArrayBufferLike, byteOffset: number, length: number): Numbers; BYTES_PER_ELEMENT: number },
): Numbers {
  const data = duckdb.vector_get_data(vectorOf(chunk, column), Type.BYTES_PER_ELEMENT * chunk.rowCount)
  return new Type(data.buffer, data.byteOffset, chunk.rowCount)
}

/**
 * Chunks of a query's result in order, the next one being made while one is used; each is released when the next one is
 * asked for, not when it is collected.
 */
export async function* chunksOf(db: DuckDb, sql: string, values: Record<string, string> = {}): AsyncGenerator<DuckDBDataChunk> {
  const result = await db.connection.stream(sql, values)
  let next = result.fetchChunk()
  try {
    for (let chunk = await next; chunk && chunk.rowCount > 0; chunk = await next) {
      next = result.fetchChunk()
      // Its error is told when it is awaited.
      next.catch(() => undefined)
      yield chunk
      duckdb.data_chunk_reset(chunk.chunk)
    }
  } finally {
    // A connection must not be closed under a chunk that is being made.
    await next.catch(() => undefined)
  }
}

export interface WrittenColumn {
  name: string
  type: 'INTEGER' | 'DOUBLE' | 'VARCHAR'
}

/** The chunk that is being filled. */
export interface OpenChunk {
  integers(column: number): Int32Array
  doubles(column: number): Float64Array
  /** Valid UTF-8; null for none. */
  setString(column: number, row: number, utf8: Uint8Array | null): void
}

const types = { INTEGER, DOUBLE, VARCHAR }
let writers = 0

/**
 * Writes a Parquet file from chunks that `fill` makes, in order; it holds no more than a row group.
 * @param fill fills up to `chunkRows` rows and returns how many; 0 ends the table
 */
export async function writeParquet(
  db: DuckDb,
  path: string,
  columns: WrittenColumn[],
  rowGroupRows: number,
  fill: (chunk: OpenChunk) => number,
): Promise<void> {
  const name = `writer${++writers}`
  let failure: unknown = null
  const source = DuckDBTableFunction.create({
    name,
    bindFunction: (info) => columns.forEach((column) => info.addResultColumn(column.name, types[column.type])),
    initFunction: (info) => info.setMaxThreads(1),
    mainFunction(info, chunk) {
      try {
        const open = openChunk(chunk)
        chunk.rowCount = fill(open)
        open.close()
      } catch (error) {
        failure = error
        info.setError('The rows could not be made.')
      }
    },
  })
  db.connection.registerTableFunction(source)
  // Distinct texts gain nothing from a dictionary and pay for it; level 1 takes half the time of 3 for a seventh more bytes.
  const options = `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${rowGroupRows}, DICTIONARY_SIZE_LIMIT 100, WRITE_BLOOM_FILTER false`
  process.on('exit', endAtOnce)
  try {
    await db.run(`COPY (SELECT * FROM ${name}()) TO '${path.replaceAll("'", "''")}' (${options})`)
  } catch (error) {
    throw failure ?? fullDisk(error)
  } finally {
    process.off('exit', endAtOnce)
  }
}

/** DuckDB's thread waits for rows that an ending process does not make any more, and the process for the thread. */
const endAtOnce = () => process.kill(process.pid, 'SIGKILL')

/** DuckDB's word for a full disk, as the system says it. */
const fullDisk = (error: unknown) => (/No space left on device|not enough space/i.test((error as Error).message) ? Object.assign(error as Error, { code: 'ENOSPC' }) : error)

/** A chunk's vectors cannot be written to from here: numbers are copied into them when it is full. */
function openChunk(chunk: DuckDBDataChunk): OpenChunk & { close(): void } {
  const vectors = Array.from({ length: chunk.columnCount }, (_, column) => vectorOf(chunk, column))
  const numbers = new Map<number, Int32Array | Float64Array>()
  const validities = new Map<number, Uint8Array>()
  const known = <Numbers extends Int32Array | Float64Array>(column: number, make: () => Numbers): Numbers => {
    if (!numbers.has(column)) numbers.set(column, make())
    return numbers.get(column) as Numbers
  }
  return {
    integers: (column) => known(column, () => new Int32Array(chunkRows)),
    doubles: (column) => known(column, () => new Float64Array(chunkRows)),
    setString(column, row, utf8) {
      if (utf8) duckdb.vector_assign_string_element_len(vectors[column]!, row, utf8)
      else {
        if (!validities.has(column)) validities.set(column, new Uint8Array(chunkRows / 8).fill(0xff))
        validities.get(column)![row >> 3]! &= ~(1 << (row & 7))
      }
    },
    close() {
      for (const [column, { buffer, byteLength }] of numbers) duckdb.copy_data_to_vector(vectors[column]!, 0, buffer as ArrayBuffer, 0, byteLength)
      for (const [column, { buffer, byteLength }] of validities) {
        duckdb.vector_ensure_validity_writable(vectors[column]!)
        duckdb.copy_data_to_vector_validity(vectors[column]!, 0, buffer as ArrayBuffer, 0, byteLength)
      }
    },
  }
}
