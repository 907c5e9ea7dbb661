import { EngineError } from '#protocol/errors.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { chunksOf, parquetFile, quoted, readingProblem } from '#engine/files/readParquet.ts'
import { JsonColumns } from './json/jsonColumns.ts'
import type { JsonObject } from './json/parseJson.ts'
import { RowFields } from './rowFields.ts'
import type { ReadRows, RowTaker } from './rowTaker.ts'

interface ParquetColumn {
  name: string
  /** SQL of its value as text. */
  text: string
  /** A struct, list or map: its text is JSON. */
  isNested: boolean
}

/** Rows by which the columns of nested values are found. */
const sampledRows = 1000

/**
 * The rows of a Parquet file, values as text; nested values have columns by their path, as those of JSON have.
 * @throws EngineError 'import/damaged-parquet'
 */
export async function parquetSource(path: string): Promise<{ columns: string[]; read: ReadRows }> {
  const open = () => openDuckDb({ allowedPaths: [path] })
  const db = await open()
  let columns: ParquetColumn[]
  try {
    const found = await db.rows(`SELECT * FROM (DESCRIBE SELECT * FROM ${parquetFile})`, { path })
    columns = found.map((row) => ({
      name: String(row['column_name']),
      text: asTextSql(String(row['column_name']), String(row['column_type'])),
      isNested: isNested(String(row['column_type'])),
    }))
  } catch (error) {
    throw damaged(path, error)
  } finally {
    db.close()
  }
  async function* plain(taker: RowTaker): AsyncGenerator<void> {
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
  return columns.some((column) => column.isNested)
    ? spread(columns, plain)
    : { columns: columns.map(({ name }) => name), read: plain }
}

/** The same rows with a column for each value within nested ones. */
async function spread(columns: ParquetColumn[], read: ReadRows): Promise<{ columns: string[]; read: ReadRows }> {
  const objectOf = (fields: RowFields) =>
    Object.fromEntries(
      columns.map(({ name, isNested: nested }, index) => {
        const text = fields.text(index)
        return [name, nested ? (JSON.parse(text || 'null') as unknown) : text]
      }),
    )
  const sample: JsonObject[] = []
  const reading = read({ row: (_, fields) => void sample.push(objectOf(fields)), reject: () => undefined })
  for await (const _ of reading) if (sample.length >= sampledRows) break
  const flat = new JsonColumns(sample)
  return {
    columns: flat.names,
    read(taker) {
      const fields = new RowFields(flat.names.length)
      return read({
        row(line, given) {
          fields.setTexts(flat.textsOf(objectOf(given)))
          taker.row(line, fields)
        },
        reject: (...row) => taker.reject(...row),
      })
    },
  }
}

const isNested = (type: string) => /^(STRUCT|MAP|UNION)\b|\]$/.test(type)

/** How a point begins in well-known binary: its byte order and kind, in hexadecimal digits. */
const wkbPoint = '^(0101000000|0101000020|01E9030000|0000000001)'

/** Older writers do not say that their bytes are texts; a point of GeoParquet stays as hexadecimal digits, other bytes become an empty text. */
function asTextSql(name: string, type: string): string {
  const column = quoted(name)
  if (isNested(type)) return `coalesce(to_json(${column})::VARCHAR, '')`
  if (type !== 'BLOB') return `coalesce(${column}::VARCHAR, '')`
  const isPoint = `octet_length(${column}) BETWEEN 21 AND 41 AND regexp_matches(hex(${column}), '${wkbPoint}')`
  return `coalesce(CASE WHEN ${isPoint} THEN hex(${column}) ELSE TRY(decode(${column})) END, '')`
}

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
