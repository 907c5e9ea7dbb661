import { EngineError } from '#protocol/errors.ts'
import { chunksOf, stringBytesOf } from '#engine/files/duckDbColumns.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { RowFields } from './rowFields.ts'
import type { ReadRows, RowTaker } from './rowTaker.ts'

/**
 * The rows of a Parquet file, values as text.
 * @throws EngineError 'import/damaged-parquet'
 */
export async function parquetSource(path: string): Promise<{ columns: string[]; read: ReadRows }> {
  const open = () => openDuckDb({ allowedPaths: [path] })
  const db = await open()
  let columns: string[]
  try {
    columns = (await db.rows('SELECT * FROM (DESCRIBE SELECT * FROM read_parquet($path))', { path })).map((row) => String(row['column_name']))
  } catch (cause) {
    throw damaged(path, cause)
  } finally {
    db.close()
  }
  async function* read(taker: RowTaker): AsyncGenerator<void> {
    const fields = new RowFields(columns.length)
    const reader = await open()
    try {
      let line = 0
      const texts = columns.map((name) => `coalesce("${name.replaceAll('"', '""')}"::VARCHAR, '')`).join(', ')
      for await (const chunk of chunksOf(reader, `SELECT ${texts} FROM read_parquet($path)`, { path })) {
        const values = columns.map((_, column) => stringBytesOf(chunk, column))
        for (let row = 0; row < chunk.rowCount; row++) {
          fields.setBytes(values.map((column) => column[row]!))
          taker.row(++line, fields)
        }
        yield
      }
    } catch (cause) {
      throw cause instanceof Error && !(cause instanceof EngineError) && /Invalid|snappy|corrupt|ZSTD|TProtocol|Failed to read/i.test(cause.message) ? damaged(path, cause) : cause
    } finally {
      reader.close()
    }
  }
  return { columns, read }
}

function damaged(path: string, cause: unknown): EngineError {
  const [why] = (cause as Error).message.replaceAll(path, 'it').split('\n')
  return new EngineError('import/damaged-parquet', `${path} is a Parquet file that cannot be read: it is damaged or cut off (${why}). Fetch or copy the file again.`, { path }, { cause })
}
