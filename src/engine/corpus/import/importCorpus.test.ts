import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { corpusSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { importCorpus } from './importCorpus.ts'
import { previewImport } from './previewImport.ts'
import { fuzzImport } from './testing/fuzzImport.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-import-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

const take = (train: string | string[], more: object = {}) =>
  importCorpus(corpusSettings.parse({ train, split: 'none', ...more }), directory, quietContext)

async function documents() {
  const corpus = await openCorpus(directory)
  const all = []
  for (let row = 0; row < corpus.count; row++) all.push(await corpus.document(row))
  corpus.close()
  return all
}

async function texts() {
  const corpus = await openCorpus(directory)
  const all: string[] = []
  for await (const piece of corpus.texts()) all.push(...piece.map((text) => Buffer.from(text).toString()))
  corpus.close()
  return all
}

async function rejected() {
  const path = join(directory, 'rejected.parquet')
  const db = await openDuckDb({ allowedPaths: [path] })
  const rows = await db.rows('SELECT line, reason FROM read_parquet($path) ORDER BY line', { path })
  db.close()
  return rows
}

const people = 'ann\t40.5\t-73.9\thi "there\nbob\t41\t-87\tyo ||| sup\nann\t42\t-71\tlater\n'

describe('importCorpus', () => {
  it('takes user-info text: one document an author, quotes are letters', async () => {
    const summary = await take(await file('a.txt.gz', gzipSync(people)))
    expect(summary).toMatchObject({
      format: 'user-info',
      encoding: 'utf-8',
      documents: { train: 2 },
      authors: 2,
      rejected: 0,
    })
    expect(await documents()).toMatchObject([
      { author: 'ann', lat: 40.5, lon: -73.9, text: 'hi "there ||| later' },
      { author: 'bob', text: 'yo ||| sup' },
    ])
  })

  it('takes the median of an author’s coordinates where asked', async () => {
    await take(await file('a.txt', people), { coordinate: 'median' })
    expect((await documents())[0]).toMatchObject({ lat: 41.25, lon: -72.45 })
  })

  it('finds windows-1252, UTF-16 and byte order marks', async () => {
    expect(await take(await file('l.txt', Buffer.from('47\t8\tgr\xfcezi \x93so\x94\n', 'latin1')))).toMatchObject({
      encoding: 'windows-1252',
    })
    expect((await documents())[0]!.text).toBe('grüezi “so”')
    expect(await take(await file('u.txt', Buffer.from('\ufeff47\t8\tgrüezi\n', 'utf16le')))).toMatchObject({
      encoding: 'utf-16le',
    })
    expect((await documents())[0]!.text).toBe('grüezi')
    await take(await file('b.txt', '\ufeff47\t8\tgrüezi\n'))
    expect((await documents())[0]!.text).toBe('grüezi')
  })

  it('rejects the lines of another encoding, and keeps the letters of the others', async () => {
    const mixed = await file(
      'm.txt',
      Buffer.concat([Buffer.from('47\t8\tgrüezi\n47\t8\tschön\n'), Buffer.from('47\t8\tschön\n', 'latin1')]),
    )
    expect(await take(mixed)).toMatchObject({ rejectedByReason: { 'bad-encoding': 1 }, encoding: 'utf-8' })
    expect(await texts()).toEqual(['grüezi', 'schön'])
    const latin = await file('l.txt', Buffer.from('47\t8\tschön, SÃO, à gauche\n', 'latin1'))
    expect((await take(latin)).warnings).toEqual([expect.stringMatching(/not UTF-8 and was read as windows-1252/)])
  })

  it('takes a spreadsheet’s CSV: semicolons, decimal commas, quotes, further columns', async () => {
    const csv = 'Breite;Länge;Text;Alter\n47,5;8,25;"sali; ""du""\nzwei";31\n46,9;7,4;tschou;\n'
    expect(await take(await file('a.csv', csv))).toMatchObject({ format: 'csv', documents: { train: 2 } })
    expect((await documents())[0]).toMatchObject({ lat: 47.5, lon: 8.25, text: 'sali; "du"\nzwei' })
    const db = await openDuckDb({ allowedDirectories: [directory] })
    expect(
      await db.rows('SELECT "Alter" FROM read_parquet($path) ORDER BY row', {
        path: join(directory, 'documents.parquet'),
      }),
    ).toEqual([{ Alter: '31' }, { Alter: null }])
    db.close()
  })

  it('takes JSON Lines and Parquet', async () => {
    await take(await file('a.jsonl', '{"tweet":"ä","latitude":47,"longitude":8,"user":"u"}\nnot json\n'))
    expect(await documents()).toMatchObject([{ author: 'u', text: 'ä' }])
    expect(await rejected()).toEqual([{ line: 2, reason: 'not-json' }])
    const db = await openDuckDb({ allowedDirectories: [directory] })
    await db.run(
      `COPY (SELECT 'servus' AS text, 48.2 AS lat, 16.4 AS lon) TO '${join(directory, 'in.parquet')}' (FORMAT parquet)`,
    )
    db.close()
    expect(await take(join(directory, 'in.parquet'))).toMatchObject({ format: 'parquet', documents: { train: 1 } })
    expect(await documents()).toMatchObject([{ text: 'servus', lat: 48.2 }])
  })

  it('takes every type of a Parquet file as text, and no column from its folder', async () => {
    const path = join(directory, 'author=jane', 'lat=5', 'in.parquet')
    await mkdir(dirname(path), { recursive: true })
    const db = await openDuckDb({ allowedDirectories: [directory] })
    const columns = [
      ['INTEGER', '7', '7'],
      ['DECIMAL', '1::DECIMAL(38, 0)', '1'],
      ['STRUCT', "{'a': 1}", '1'],
      ['LIST', "['x y', 'z']", 'x y, z'],
      ['bytes', "encode('grüezi mitenand')", 'grüezi mitenand'],
    ] as const
    for (const [type, sql, text] of columns) {
      await db.run(
        `COPY (SELECT CASE WHEN i % 2 = 0 THEN ${sql} END AS text, 'u' || i AS author, '48.2' AS lat, CASE WHEN i < 8 THEN 16.4 END AS lon FROM range(9) t(i)) TO '${path}' (FORMAT parquet)`,
      )
      expect(await take(path), type).toMatchObject({
        documents: { train: 4 },
        rejectedByReason: { 'no-text': 4, 'no-coordinates': 1 },
      })
      expect(
        (await documents()).map(({ author, lat, text }) => [author, lat, text]),
        type,
      ).toEqual(['u0', 'u2', 'u4', 'u6'].map((author) => [author, 48.2, text]))
    }
    await db.run(
      `COPY (SELECT 'servus' AS text, 48.2 AS lat, 16.4 AS lon, '\\xFF'::BLOB AS shape) TO '${path}' (FORMAT parquet)`,
    )
    await take(path)
    expect(await documents()).toMatchObject([{ author: null, text: 'servus' }])
    db.close()
  })

  it('says what is wrong with a Parquet file that is none', async () => {
    await expect(take(await file('a.parquet', 'PAR1 and no more of it PAR1'))).rejects.toMatchObject({
      code: 'import/damaged-parquet',
      message: expect.stringContaining('a.parquet') as string,
    })
  })

  it('takes a survey: an answer is a token', async () => {
    await take(await file('s.csv', 'id,lat,long,Q1,Q2,Q3,Q4,Q5\n1,40,-80,2,0,NA,,a b\n'))
    expect((await documents())[0]!.text).toBe('Q1=2 Q5=a_b')
    expect((await openCorpus(directory)).tokenisation).toBe('answers')
  })

  it('keeps rows that cannot be used, with line and reason', async () => {
    const lines = ['47\t8\tgood', '47\t8', 'x\t8\ttext', '97\t8\ttext', '0\t0\ttext', '47\t8\t  ', '47\t8\t\0']
    await take(await file('a.txt', lines.join('\n')), { format: 'lat-lon-text' })
    expect(await rejected()).toEqual([
      { line: 2, reason: 'wrong-column-count' },
      { line: 3, reason: 'no-coordinates' },
      { line: 4, reason: 'out-of-range' },
      { line: 5, reason: 'null-island' },
      { line: 6, reason: 'no-text' },
      { line: 7, reason: 'no-text' },
    ])
  })

  it('rejects a line of JSON that is nested too deeply to be written as text, and takes the others', async () => {
    const deep = `{"lat": 47, "lon": 8, "text": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    const path = await file('deep.jsonl', `{"lat": 47, "lon": 8, "text": "a"}\n${deep}\n`)
    expect(await take(path)).toMatchObject({ rejected: 1, rejectedByReason: { 'nested-too-deeply': 1 } })
  })

  it('warns of swapped coordinates and rejects none of them', async () => {
    const swiss = Array.from({ length: 50 }, (_, i) => `${8 + i / 50}\t${47 + i / 100}\tgrüezi ${i}`).join('\n')
    const path = await file('a.txt', swiss)
    expect(await take(path)).toMatchObject({ rejected: 0, warnings: [expect.stringMatching(/look swapped/) as string] })
    expect((await previewImport([path], {})).warnings).toHaveLength(1)
    const right = await file('b.txt', swiss.replace(/^(\S+)\t(\S+)/gm, '$2\t$1'))
    expect((await take(right)).warnings).toEqual([])
  })

  it.each([
    ['a file that is not there', 'none.txt', null, 'import/file-missing'],
    ['an empty file', 'a.txt', '', 'import/empty-file'],
    ['a file of blank lines', 'a.txt', '\n\n \n', 'import/empty-file'],
    [
      'a file that is no text',
      'a.txt',
      Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) & 255)),
      'import/not-text',
    ],
    ['a cut-off gz', 'a.gz', gzipSync(people.repeat(500)).subarray(0, 60), 'import/truncated-gz'],
    ['no usable row', 'a.txt', 'x\t1\ty\nz\t2\ty\n', 'import/column-missing'],
    ['only bad rows', 'a.csv', 'lat,lon,text\n99,1,a\n', 'import/no-accepted-rows'],
    ['a missing column', 'a.csv', 'lat,lon,remarks\n47,8,a\n', 'import/column-missing'],
  ])('refuses %s in words', async (_, name, content, code) => {
    const path = content === null ? join(directory, name) : await file(name, content)
    await expect(take(path)).rejects.toMatchObject({ code })
  })

  it('draws folds by whole groups, the same for the same seed', async () => {
    const text = Array.from({ length: 400 }, (_, i) => `u${i}\t${40 + (i % 37) / 10}\t-80\tword${i}`).join('\n')
    const path = await file('a.txt', text)
    const foldsBy = async (by: string, seed = 1) => {
      const summary = await take(path, { split: { by, seed } })
      return { summary, folds: (await documents()).map(({ text: word, fold, lat }) => ({ word, fold, lat })) }
    }
    const first = await foldsBy('place')
    expect(await foldsBy('place')).toEqual(first)
    expect((await foldsBy('place', 2)).folds).not.toEqual(first.folds)
    expect(first.summary.testPlacesSeen).toBe(0)
    expect(new Set(first.folds.map(({ lat, fold }) => `${lat} ${fold}`)).size).toBe(37)
    const byAuthor = await foldsBy('author')
    expect(byAuthor.summary.documents).toEqual({ train: 320, dev: 40, test: 40 })
  })

  it('answers damaged files of every kind with an error in words or a corpus, never with a crash', async () => {
    // `npm run fuzz` tries ten thousand.
    expect(await fuzzImport(directory, 120, 1)).toBeGreaterThan(30)
  })

  it('rejects halves of characters, lines that are too long and swapped coordinates, with their lines', async () => {
    const lines = [
      '{"text":"good","lat":47,"lon":8}',
      '{"text":"half \\ud83d","lat":47,"lon":8}',
      `{"text":"${'x'.repeat(9_000_000)}","lat":47,"lon":8}`,
      '{"text":"swapped","lat":-122.4,"lon":37.8}',
      '{"text":"good too","lat":"47","lon":"8.5"}',
    ]
    await take(await file('a.jsonl', lines.join('\n')))
    expect(await rejected()).toEqual([
      { line: 2, reason: 'bad-encoding' },
      { line: 3, reason: 'line-too-long' },
      { line: 4, reason: 'out-of-range' },
    ])
    expect(await documents()).toMatchObject([{ text: 'good' }, { text: 'good too', lon: 8.5 }])
  })

  it('loses one row to a bad byte that comes late, and no letter of the others', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `u${i}\t40\t-80\tgr\u00fcezi ${i} \ufffd`).join('\n')
    const bytes = Buffer.concat([
      Buffer.from(`${rows}\nx\t99\t1\tz\n`),
      Buffer.from('late\t40\t-80\tz\xe4me\n', 'latin1'),
    ])
    const summary = await take(await file('a.txt', bytes))
    expect(summary).toMatchObject({ encoding: 'utf-8', documents: { train: 30_000 }, rejected: 2, warnings: [] })
    expect(await rejected()).toEqual([
      { line: 30_001, reason: 'out-of-range' },
      { line: 30_002, reason: 'bad-encoding' },
    ])
    expect((await texts()).at(-1)).toBe('gr\u00fcezi 29999 \ufffd')
  }, 120_000)

  it('takes a file whose last byte begins a character that never comes', async () => {
    const summary = await take(
      await file(
        'cut.txt',
        Buffer.concat([Buffer.from('u\t40\t-80\tgood\n'), Buffer.from('v\t41\t-81\tz\xe4', 'latin1')]),
      ),
      {},
    )
    expect(summary).toMatchObject({ format: 'user-info', encoding: 'windows-1252', documents: { train: 2 } })
    expect((await texts()).at(-1)).toBe('z\u00e4')
  })

  it('puts rows of an author together wherever they stand, in every fold', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `u${(i * 7) % 1200}\t${40 + (i % 5)}\t-80\tword${i}`)
    const summary = await take(await file('a.txt', rows.join('\n')), {
      dev: await file('b.txt', rows.slice(0, 50).join('\n')),
    })
    expect(summary).toMatchObject({
      documents: { train: 1200, dev: 50, test: 0 },
      authors: 1200,
      authorsAcrossFolds: 50,
    })
    const own = (author: string) => rows.map((row) => row.split('\t')).filter(([name]) => name === author)
    const authors = [...new Set(rows.map((row) => row.split('\t')[0]!))]
    const corpus = await openCorpus(directory)
    expect((await texts()).slice(0, 1200)).toEqual(
      authors.map((author) =>
        own(author)
          .map(([, , , text]) => text)
          .join(' ||| '),
      ),
    )
    expect(Array.from(corpus.points.lat.subarray(0, 1200))).toEqual(authors.map((author) => Number(own(author)[0]![1])))
    expect(await corpus.document(1249)).toMatchObject({ fold: 'dev', author: 'u343', text: 'word49' })
    corpus.close()
  }, 120_000)

  it('tells of documents with the same text, and drops all but the first', async () => {
    const train = await file('train.txt', '47\t8\tone\n46\t8\ttwo\n45\t8\tone\n')
    const more = {
      format: 'lat-lon-text',
      dev: await file('dev.txt', '47\t9\ttwo\n47\t9\tthree\n'),
      test: await file('test.txt', '47\t9\tthree\n47\t9\tfour\n'),
    }
    const kept = await take(train, more)
    expect(kept).toMatchObject({
      documents: { train: 3, dev: 2, test: 2 },
      duplicateDocuments: 3,
      duplicatesAcrossFolds: 2,
      duplicatesDropped: 0,
    })
    expect(kept.warnings).toEqual([
      expect.stringMatching(/2 documents have the same text as one of another fold/) as string,
    ])
    const summary = await take(train, { ...more, duplicates: 'drop' })
    expect(summary).toMatchObject({
      documents: { train: 2, dev: 1, test: 1 },
      duplicateDocuments: 3,
      duplicatesDropped: 3,
      warnings: [],
    })
    expect((await documents()).map(({ row, fold, text, lat }) => [row, fold, text, lat])).toEqual([
      [0, 'train', 'one', 47],
      [1, 'train', 'two', 46],
      [2, 'dev', 'three', 47],
      [3, 'test', 'four', 47],
    ])
  })

  it('takes the rows that a filter lets through, and keeps further columns within reach', async () => {
    const csv =
      'lat,lon,text,age,sex,source\n47,8,a,31,f,web\n47,8,b,,m,web\n47,8,c,55.0,f,app\n99,8,d,20,f,web\n47,8,e,40,m,app\n'
    const path = await file('a.csv', csv)
    expect(await take(path, { filter: { age: { min: 30, max: 55 } } })).toMatchObject({
      documents: { train: 3 },
      filtered: 2,
      rejected: 0,
    })
    const corpus = await openCorpus(directory)
    expect(corpus.furtherColumns).toEqual(['age', 'sex', 'source'])
    expect(await corpus.column('sex')).toEqual({ values: ['f', 'm'], codes: Int32Array.of(0, 0, 1) })
    await expect(corpus.column('size')).rejects.toMatchObject({ code: 'corpus/no-column' })
    corpus.close()
    expect(await take(path, { filter: { age: [55, 40], sex: 'f' } })).toMatchObject({
      documents: { train: 1 },
      filtered: 4,
    })
    await take(path, {})
    expect((await (await openCorpus(directory)).column('age')).codes).toEqual(Int32Array.of(0, -1, 1, 2))
    await expect(take(path, { filter: { size: 1 } })).rejects.toMatchObject({ code: 'import/column-missing' })
    await expect(take(path, { filter: { sex: 'x' } })).rejects.toThrow(/5 rows that corpus.filter leaves out/)
  })

  it('refuses an author whose rows would make a document of hundreds of megabytes', async () => {
    const row = `nobody\t47\t8\t${'word '.repeat(200_000)}\n`
    await expect(take(await file('a.txt', row.repeat(280)))).rejects.toMatchObject({ code: 'import/document-too-long' })
  }, 120_000)

  it('stops at a cancel while it reads and while it writes, and leaves no temporary file', async () => {
    const path = await file(
      'a.txt',
      Array.from({ length: 40_000 }, (_, i) => `u${i}\t40\t-80\t${'some words '.repeat(20)}${i}`).join('\n'),
    )
    for (const unit of ['bytes', 'documents']) {
      const controller = new AbortController()
      const context = {
        ...quietContext,
        signal: controller.signal,
        report: (progress: { unit: string; done: number }) =>
          progress.unit === unit && progress.done > 0 ? controller.abort() : undefined,
      }
      await expect(
        importCorpus(corpusSettings.parse({ train: path, split: 'none' }), directory, context),
      ).rejects.toThrow(/abort/i)
      expect((await readdir(directory)).filter((name) => name !== 'a.txt' && !name.endsWith('.parquet'))).toEqual([])
    }
  })

  const corpora = resolve('../shared/corpora')
  it.skipIf(!existsSync(corpora))('takes the real corpora whole (skipped where they are absent)', async () => {
    expect((await take(join(corpora, 'geotext/user_info.dev.gz'))).documents.train).toBe(1895)
    expect((await take(join(corpora, 'geotext/user_info.train-partial.gz'))).documents.train).toBe(359)
    expect((await take(join(corpora, 'smg/ch/dev.txt.gz'))).documents.train).toBe(3068)
    expect((await take(join(corpora, 'smg/bcms/dev.txt.gz'))).documents.train).toBe(39_750)
    expect((await take(join(corpora, 'harvard-dialect-survey/respondents.csv.gz'))).documents.train).toBe(45_436)
  })
})

describe('DuckDB', () => {
  it('reaches neither hosts nor files that it was not granted', async () => {
    const db = await openDuckDb({ allowedDirectories: [directory] })
    await expect(db.run('INSTALL httpfs')).rejects.toThrow()
    await expect(db.rows("SELECT * FROM read_csv('https://example.org/a.csv')")).rejects.toThrow()
    await expect(db.rows("SELECT * FROM read_text('/etc/passwd')")).rejects.toThrow(/disabled|Permission/)
    await expect(db.run('SET enable_external_access = true')).rejects.toThrow()
    db.close()
  })
})
