import { EngineError } from '#protocol/errors.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { chunksOf, parquetFile, quoted, readingProblem } from '#engine/files/readParquet.ts'
import { RowFields } from './rowFields.ts'
import type { ReadRows, RowTaker } from './rowTaker.ts'

/**
 * The rows of a Parquet file, values as text.
 * @throws EngineError 'import/damaged-parquet'
 */
export async function parquetSource(path: string): Promise<{ columns: string[]; read: ReadRows }> {
  const open = () => openDuckDb({ allowedPaths: [path] })
  const db = await open()
  let columns: { name: string; text: string }[]
  try {
    const found = await db.rows(`SELECT * FROM (DESCRIBE SELECT * FROM ${parquetFile})`, { path })
    columns = found.map((row) => ({
      name: String(row['column_name']),
      text: asTextSql(String(row['column_name']), String(row['column_type'])),
    }))
  } catch (error) {
    throw damaged(path, error)
  } finally {
    db.close()
  }
  async function* read(taker: RowTaker): AsyncGenerator<void> {
    const fields = new RowFields(columns.length)
    const reader = await open()
    try {
      let line = 0
      for await (const chunk of chunksOf(
        reader,
        `SELECT ${columns.map(({ text }) => text).join(', ')} FROM ${parquetFile}`,
        { path },
      )) {
        const values = columns.map((_, column) => chunk.strings(column))
        for (let row = 0; row < chunk.rowCount; row++) {
          fields.setBytes(values.map((column) => column[row]!))
          taker.row(++line, fields)
        }
        yield
      }
    } catch (error) {
      throw damaged(path, error)
    } finally {
      reader.close()
    }
  }
  return { columns: columns.map(({ name }) => name), read }
}

/** Older writers do not say that their bytes are texts; bytes that are none, such as a geometry's, become an empty one. */
const asTextSql = (name: string, type: string) =>
  `coalesce(${type === 'BLOB' ? `TRY(decode(${quoted(name)}))` : `${quoted(name)}::VARCHAR`}, '')`

function damaged(path: string, error: unknown): unknown {
  const problem = readingProblem(error)?.replaceAll(path, 'it') ?? null
  return problem === null
    ? error
    : new EngineError(
        'import/damaged-parquet',
        `${path} is a Parquet file that cannot be read: it is damaged or cut off (${problem}). Fetch or copy the file again.`,
        { path },
        { cause: error },
      )
}
