import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { corpusSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { openCorpus } from './corpusReader.ts'
import { importCorpus, type CorpusFile } from './import/importCorpus.ts'

const directory = mkdtempSync(join(tmpdir(), 'isogloss-'))
afterAll(() => rmSync(directory, { recursive: true }))

const whole = join(directory, 'whole')
beforeAll(async () => {
  await mkdir(whole)
  const file = join(directory, 'a.csv')
  await writeFile(
    file,
    `author,lat,lon,text,age\n${Array.from({ length: 2500 }, (_, i) => `a${i},${40 + i / 1000},8,grüezi mitenand number ${i},${i % 3 || ''}`).join('\n')}\n`,
  )
  await importCorpus(corpusSettings.parse({ train: file, split: 'none' }), whole, quietContext)
})

/** The whole corpus with its table rewritten by SQL, and what its summary says of it changed. */
async function changed(select: string, folder: string, summary: Partial<CorpusFile['summary']> = {}): Promise<string> {
  const place = join(directory, folder)
  await mkdir(place, { recursive: true })
  const db = await openDuckDb({ allowedDirectories: [directory] })
  await db.run(
    `COPY (${select.replaceAll('whole', `read_parquet('${join(whole, 'documents.parquet')}')`)}) TO '${join(place, 'documents.parquet')}' (FORMAT parquet)`,
  )
  db.close()
  const file = JSON.parse(await readFile(join(whole, 'corpus.json'), 'utf8')) as CorpusFile
  await writeFile(join(place, 'corpus.json'), JSON.stringify({ ...file, summary: { ...file.summary, ...summary } }))
  return place
}

async function textsOf(place: string): Promise<string[]> {
  const corpus = await openCorpus(place)
  const texts: string[] = []
  try {
    for await (const piece of corpus.texts()) texts.push(...piece.map((bytes) => Buffer.from(bytes).toString()))
  } finally {
    corpus.close()
  }
  return texts
}

const damaged = (message: string) => ({ code: 'file/damaged', message: expect.stringContaining(message) as string })

describe('openCorpus', () => {
  it.each([
    ['INTEGER', 'row::INTEGER', '2499'],
    ['DECIMAL(38, 0)', 'row::DECIMAL(38, 0)', '2499'],
    ['STRUCT', "{'a': text}", "{'a': grüezi mitenand number 2499}"],
    ['LIST', '[row]', '[2499]'],
    ['VARCHAR with NULLs', 'CASE WHEN row % 2 = 0 THEN text END', ''],
  ])('reads no foreign memory where the text is %s', async (_, sql, last) => {
    const texts = await textsOf(await changed(`SELECT * REPLACE (${sql} AS text) FROM whole`, 'types'))
    expect(texts).toHaveLength(2500)
    expect(texts.at(-1)).toBe(last)
  })

  it('reads coordinates that are written as text, and names those that are none', async () => {
    const corpus = await openCorpus(
      await changed('SELECT * REPLACE (lat::VARCHAR AS lat, lon::DECIMAL(10, 2) AS lon) FROM whole', 'numbers'),
    )
    expect([corpus.points.lat[2499], corpus.points.lon[2499]]).toEqual([42.499, 8])
    corpus.close()
    for (const [sql, message] of [
      ['CASE WHEN row <> 7 THEN lat END', '"lat" has no value of type DOUBLE in row 7'],
      ["CASE WHEN row < 9 THEN '8' ELSE 'east' END", '"lat" has no value of type DOUBLE in row 9'],
      ["CASE WHEN row < 9 THEN 8 ELSE 'nan'::DOUBLE END", 'place 9 of 2500 has latitude NaN'],
      ['lat + 50', 'place 1 of 2500 has latitude 90.001'],
    ] as const) {
      await expect(
        openCorpus(await changed(`SELECT * REPLACE (${sql} AS lat) FROM whole`, 'numbers')),
      ).rejects.toMatchObject(damaged(message))
    }
  })

  it('refuses fewer, more and shuffled rows, and a table without a column', async () => {
    for (const [select, message] of [
      ['SELECT * FROM whole WHERE row < 2400', 'it has 2400 rows, expected 2500'],
      [
        'SELECT * FROM whole UNION ALL SELECT * REPLACE (2500 AS row) FROM whole WHERE row = 0',
        'it has 2501 rows, expected 2500',
      ],
      ['SELECT * FROM whole ORDER BY row DESC', 'row 2499 lies where row 0 was expected'],
      ['SELECT * EXCLUDE (lat) FROM whole', '"lat"'],
    ] as const) {
      await expect(openCorpus(await changed(select, 'rows'))).rejects.toMatchObject(damaged(message))
    }
    await expect(textsOf(await changed('SELECT * EXCLUDE (text) FROM whole', 'rows'))).rejects.toMatchObject(
      damaged('"text"'),
    )
  })

  it('takes no memory for what corpus.json alone says', async () => {
    for (const [train, message] of [
      [2_000_000_000, 'it has 2500 rows, expected 2000000000'],
      [1e15, 'summary.documents.train'],
      [-1, 'summary.documents.train'],
    ] as const) {
      const place = await changed('SELECT * FROM whole', 'counts', { documents: { train, dev: 0, test: 0 } })
      await expect(openCorpus(place)).rejects.toMatchObject(damaged(message))
    }
    await writeFile(join(directory, 'counts', 'corpus.json'), JSON.stringify({ tokenisation: null }))
    await expect(openCorpus(join(directory, 'counts'))).rejects.toMatchObject(damaged('tokenisation'))
    await expect(openCorpus(join(directory, 'nowhere'))).rejects.toMatchObject(damaged('it is missing'))
  })

  it('reads the same in a folder whose name looks like a column', async () => {
    const place = await changed('SELECT * FROM whole', 'lat=5/author=jane/corpus')
    const corpus = await openCorpus(place)
    expect(corpus.points.lat[0]).toBe(40)
    expect(await corpus.document(3)).toEqual({
      row: 3,
      fold: 'train',
      author: 'a3',
      text: 'grüezi mitenand number 3',
      lat: 40.003,
      lon: 8,
    })
    expect((await corpus.column('age')).values).toEqual(['1', '2'])
    await expect(corpus.document(2500)).rejects.toMatchObject({ code: 'corpus/no-row' })
    corpus.close()
  })
})
