import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import { corpusSettings } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { seededRandom } from '#engine/random.ts'
import { importCorpus } from './importCorpus.ts'
import { previewImport } from './previewImport.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-import-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

const take = (train: string | string[], more: object = {}) => importCorpus(corpusSettings.parse({ train, split: 'none', ...more }), directory, quietContext)

async function documents() {
  const corpus = await openCorpus(directory)
  const all = []
  for (let row = 0; row < corpus.count; row++) all.push(await corpus.document(row))
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
    expect(summary).toMatchObject({ format: 'user-info', encoding: 'utf-8', documents: { train: 2 }, authors: 2, rejected: 0 })
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
    expect(await take(await file('l.txt', Buffer.from('47\t8\tgr\xfcezi \x93so\x94\n', 'latin1')))).toMatchObject({ encoding: 'windows-1252' })
    expect((await documents())[0]!.text).toBe('grüezi “so”')
    expect(await take(await file('u.txt', Buffer.from('\ufeff47\t8\tgrüezi\n', 'utf16le')))).toMatchObject({ encoding: 'utf-16le' })
    expect((await documents())[0]!.text).toBe('grüezi')
    await take(await file('b.txt', '\ufeff47\t8\tgrüezi\n'))
    expect((await documents())[0]!.text).toBe('grüezi')
  })

  it('warns of lines in different encodings, and only of those', async () => {
    const mixed = await file('m.txt', Buffer.concat([Buffer.from('47\t8\tgrüezi\n47\t8\tschön\n'), Buffer.from('47\t8\tschön\n', 'latin1')]))
    const warning = expect.stringMatching(/^2 rows of .*m\.txt look like UTF-8.*windows-1252/) as string
    expect(await take(mixed)).toMatchObject({ rejected: 0, encoding: 'windows-1252', warnings: [warning] })
    expect((await previewImport({ files: [mixed] })).warnings).toEqual([warning])
    const latin = await file('l.txt', Buffer.from('47\t8\tschön, SÃO, à gauche\n', 'latin1'))
    expect((await take(latin)).warnings).toEqual([])
  })

  it('takes a spreadsheet’s CSV: semicolons, decimal commas, quotes, further columns', async () => {
    const csv = 'Breite;Länge;Text;Alter\n47,5;8,25;"sali; ""du""\nzwei";31\n46,9;7,4;tschou;\n'
    expect(await take(await file('a.csv', csv))).toMatchObject({ format: 'csv', documents: { train: 2 } })
    expect((await documents())[0]).toMatchObject({ lat: 47.5, lon: 8.25, text: 'sali; "du"\nzwei' })
    const db = await openDuckDb({ allowedDirectories: [directory] })
    expect(await db.rows('SELECT "Alter" FROM read_parquet($path) ORDER BY row', { path: join(directory, 'documents.parquet') })).toEqual([{ Alter: '31' }, { Alter: null }])
    db.close()
  })

  it('takes JSON Lines and Parquet', async () => {
    await take(await file('a.jsonl', '{"tweet":"ä","latitude":47,"longitude":8,"user":"u"}\nnot json\n'))
    expect(await documents()).toMatchObject([{ author: 'u', text: 'ä' }])
    expect(await rejected()).toEqual([{ line: 2, reason: 'not-json' }])
    const db = await openDuckDb({ allowedDirectories: [directory] })
    await db.run(`COPY (SELECT 'servus' AS text, 48.2 AS lat, 16.4 AS lon) TO '${join(directory, 'in.parquet')}' (FORMAT parquet)`)
    db.close()
    expect(await take(join(directory, 'in.parquet'))).toMatchObject({ format: 'parquet', documents: { train: 1 } })
    expect(await documents()).toMatchObject([{ text: 'servus', lat: 48.2 }])
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

  it('warns of swapped coordinates and rejects none of them', async () => {
    const swiss = Array.from({ length: 50 }, (_, i) => `${8 + i / 50}\t${47 + i / 100}\tgrüezi ${i}`).join('\n')
    const path = await file('a.txt', swiss)
    expect(await take(path)).toMatchObject({ rejected: 0, warnings: [expect.stringMatching(/look swapped/) as string] })
    expect((await previewImport({ files: [path] })).warnings).toHaveLength(1)
    const right = await file('b.txt', swiss.replace(/^(\S+)\t(\S+)/gm, '$2\t$1'))
    expect((await take(right)).warnings).toEqual([])
  })

  it.each([
    ['a file that is not there', 'none.txt', null, 'import/file-missing'],
    ['an empty file', 'a.txt', '', 'import/empty-file'],
    ['a file of blank lines', 'a.txt', '\n\n \n', 'import/empty-file'],
    ['a file that is no text', 'a.txt', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) & 255)), 'import/not-text'],
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
    const random = seededRandom(5)
    const sources = [Buffer.from(people), gzipSync(people.repeat(20)), Buffer.from('lat,lon,text\n47,8,"a"\n46,7,b\n'), Buffer.from('{"text":"a","lat":47,"lon":8}\n')]
    const names = ['f.txt', 'f.gz', 'f.csv', 'f.jsonl']
    let taken = 0
    for (let i = 0; i < 120; i++) {
      const which = i % sources.length
      const bytes = Buffer.from(sources[which]!)
      for (let k = 0; k <= random.below(4); k++) bytes[random.below(bytes.length)] = random.below(256)
      const path = await file(names[which]!, random.next() < 0.3 ? bytes.subarray(0, random.below(bytes.length)) : bytes)
      await take(path).then(
        () => taken++,
        (error: unknown) => expect(error).toBeInstanceOf(EngineError),
      )
    }
    expect(taken).toBeGreaterThan(10)
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
