import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openDuckDb } from './duckDb.ts'
import { chunksOf, parquetFile, readParquet, requireRows, type ReadColumn } from './readParquet.ts'

const directory = mkdtempSync(join(tmpdir(), 'isogloss-'))
afterAll(() => rmSync(directory, { recursive: true }))

async function written(select: string, name = 'a.parquet'): Promise<string> {
  const path = join(directory, name)
  await mkdir(dirname(path), { recursive: true })
  const db = await openDuckDb({ allowedDirectories: [directory] })
  await db.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`)
  db.close()
  return path
}

async function read(
  path: string,
  columns: ReadColumn[],
  options: { rows?: number } = {},
): Promise<(string | number)[][]> {
  const db = await openDuckDb({ allowedPaths: [path] })
  const found: (string | number)[][] = columns.map(() => [])
  try {
    for await (const chunk of readParquet(db, path, columns, options)) {
      columns.forEach(({ type }, i) => {
        const values =
          type === 'INTEGER'
            ? chunk.integers(i)
            : type === 'DOUBLE'
              ? chunk.doubles(i)
              : chunk.strings(i).map((bytes) => Buffer.from(bytes).toString())
        found[i]!.push(...values)
        if (type === 'VARCHAR') expect(chunk.texts(i)).toEqual([...values])
      })
    }
  } finally {
    db.close()
  }
  return found
}

const text: ReadColumn = { name: 'text', type: 'VARCHAR', otherwise: "''" }
const lat: ReadColumn = { name: 'lat', type: 'DOUBLE' }

describe('readParquet', () => {
  it.each([
    ['INTEGER', '7', '7'],
    [
      'DECIMAL(38, 0)',
      '12345678901234567890123456789012345678::DECIMAL(38, 0)',
      '12345678901234567890123456789012345678',
    ],
    ['STRUCT', "{'a': 1}", "{'a': 1}"],
    ['LIST', '[1, 2]', '[1, 2]'],
    ['VARCHAR', "'a text of more than twelve bytes'", 'a text of more than twelve bytes'],
    ['NULL', 'NULL', ''],
  ])('reads a text of type %s as a text', async (_, sql, expected) => {
    const path = await written(`SELECT CASE WHEN i % 2 = 0 THEN ${sql} END AS text FROM range(3000) t(i)`)
    const [texts] = await read(path, [text])
    expect(texts).toEqual(Array.from({ length: 3000 }, (_, i) => (i % 2 === 0 ? expected : '')))
  })

  it.each([
    ['none', "CASE WHEN i <> 2500 THEN '47.5' END", '"lat" has no value of type DOUBLE in row 2500'],
    ['words', "CASE WHEN i < 2600 THEN '47.5' ELSE 'north' END", '"lat" has no value of type DOUBLE in row 2600'],
    ['a struct', "{'deg': 47}", '"lat" has no value of type DOUBLE in row 0'],
  ])('names the column and the row where a number is %s', async (_, sql, message) => {
    await expect(read(await written(`SELECT ${sql} AS lat FROM range(3000) t(i)`), [lat])).rejects.toMatchObject({
      code: 'file/damaged',
      message: expect.stringContaining(message) as string,
    })
  })

  it('converts numbers that are written as text', async () => {
    expect(
      await read(await written("SELECT '47.5' AS lat, 3::BIGINT AS row"), [lat, { name: 'row', type: 'INTEGER' }]),
    ).toEqual([[47.5], [3]])
  })

  it('names a column that is missing', async () => {
    await expect(read(await written('SELECT 1 AS text'), [text, lat])).rejects.toMatchObject({
      code: 'file/damaged',
      message: expect.stringContaining('"lat"') as string,
    })
  })

  it('refuses another number of rows than expected, and files that are none', async () => {
    const path = await written("SELECT 'a' AS text FROM range(5000)")
    expect((await read(path, [text], { rows: 5000 }))[0]).toHaveLength(5000)
    await expect(read(path, [text], { rows: 4999 })).rejects.toThrow('rows or more, expected 4999')
    await expect(read(path, [text], { rows: 5001 })).rejects.toThrow('it has 5000 rows, expected 5001')
    await expect(read(join(directory, 'nowhere.parquet'), [text])).rejects.toMatchObject({ code: 'file/damaged' })
    const db = await openDuckDb({ allowedPaths: [path] })
    await expect(requireRows(db, path, 1e15)).rejects.toThrow('it has 5000 rows, expected 1000000000000000')
    db.close()
  })

  it('takes no column from the names of folders', async () => {
    expect(await read(await written("SELECT 47.5 AS lat, 'x' AS text", 'lat=5/text=y/a.parquet'), [lat, text])).toEqual(
      [[47.5], ['x']],
    )
  })
})

describe('chunksOf', () => {
  it.each(['7', '7::DECIMAL(38, 0)', "{'a': 1}", '[1]', "'a'::BLOB", 'NULL::VARCHAR'])(
    'never takes %s for a text',
    async (sql) => {
      const path = await written(`SELECT ${sql} AS text`)
      const db = await openDuckDb({ allowedPaths: [path] })
      const first = chunksOf(db, `SELECT text FROM ${parquetFile}`, { path })
      const { value: chunk } = await first.next()
      expect(() => chunk!.strings(0)).toThrow(/its column "text" has .* in row 0/)
      expect(() => chunk!.texts(0)).toThrow(/its column "text"/)
      await first.return(undefined)
      db.close()
    },
  )
})
