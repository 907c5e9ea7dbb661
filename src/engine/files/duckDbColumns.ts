import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { DuckDb } from './duckDb.ts'
import { duckDbApi, duckDbBindings } from './duckDbPackage.ts'

/** Columns go to DuckDB as flat memory: what is large passes without a JavaScript value a cell. `readParquet.ts` is the way back. */

/** Rows of a chunk at most: the vector size that DuckDB is compiled with, known before DuckDB is loaded. */
export const chunkRows = 2048

const vectorOf = (chunk: DuckDBDataChunk, column: number) => duckDbBindings().data_chunk_get_vector(chunk.chunk, column)

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
  const types = duckDbApi()
  const source = types.DuckDBTableFunction.create({
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
const fullDisk = (error: unknown) =>
  /No space left on device|not enough space/i.test((error as Error).message)
    ? Object.assign(error as Error, { code: 'ENOSPC' })
    : error

/** A chunk's vectors cannot be written to from here: numbers are copied into them when it is full. */
function openChunk(chunk: DuckDBDataChunk): OpenChunk & { close(): void } {
  const duckdb = duckDbBindings()
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
      for (const [column, { buffer, byteLength }] of numbers)
        duckdb.copy_data_to_vector(vectors[column]!, 0, buffer as ArrayBuffer, 0, byteLength)
      for (const [column, { buffer, byteLength }] of validities) {
        duckdb.vector_ensure_validity_writable(vectors[column]!)
        duckdb.copy_data_to_vector_validity(vectors[column]!, 0, buffer as ArrayBuffer, 0, byteLength)
      }
    },
  }
}
