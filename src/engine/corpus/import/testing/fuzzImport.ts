import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { expect } from 'vitest'
import { EngineError } from '#protocol/errors.ts'
import { corpusSettings, type CorpusFormat } from '#protocol/experiment.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { parquetFile } from '#engine/files/readParquet.ts'
import { seededRandom, type Random } from '#engine/random.ts'
import { importCorpus } from '../importCorpus.ts'
import { slowImport } from './slowImport.ts'

const people =
  'ann\t40.5\t-73.9\thi "there ☺\nbob\t41\t-87\tyo ||| sup\r\ncy\t-12.25\t130.75\tgr\u00fcezi\n\ndee\t0\t0\tnowhere\neve\t95\t8\tswapped\n'
const latin = Buffer.from('47\t8\tgr\xfcezi \x93so\x94\n46,5\t7,25\tz\xe4me\n', 'latin1')
const table =
  'id,lat,lon,text,age\n1,47.5,8.25,"sali, ""du""\nzwei",31\n2,46.9,7.4,tschou,\n3,46.8,7.1,"oh",40\n4,46.7,7.2,adie,50\n'
const objects =
  '{"text":"a b","lat":47,"lon":8,"user":"u"}\n{"text":"c \\ud83d d","lat":46,"lon":7}\n{"text":["x"],"lat":"46","lon":7}\n'

const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
const workbook = Buffer.from(
  zipSync(
    {
      'xl/workbook.xml': strToU8('<workbook><sheets><sheet name="a" r:id="r1" xmlns:r="r"/></sheets></workbook>'),
      'xl/_rels/workbook.xml.rels': strToU8('<Relationships><Relationship Id="r1" Target="a.xml"/></Relationships>'),
      'xl/a.xml': strToU8(
        `<worksheet><sheetData>${[
          ['lat', 'lon', 'text'],
          ['47', '8', 'hoi'],
          ['46', '7', 'sali'],
        ]
          .map((row) => `<row>${row.map(cell).join('')}</row>`)
          .join('')}</sheetData></worksheet>`,
      ),
    },
    { level: 0 },
  ),
)

const sources: { name: string; bytes: Buffer; format?: CorpusFormat }[] = [
  { name: 'f.txt', bytes: Buffer.from(people), format: 'user-info' },
  { name: 'f.gz', bytes: gzipSync(people.repeat(20)) },
  { name: 'l.txt', bytes: latin, format: 'lat-lon-text' },
  { name: 'u.txt', bytes: Buffer.from(`\ufeff${people}`, 'utf16le'), format: 'user-info' },
  { name: 'f.csv', bytes: Buffer.from(table) },
  { name: 'g.csv', bytes: gzipSync(table.repeat(3)) },
  { name: 'f.tsv', bytes: Buffer.from(table.replaceAll(',', '\t')) },
  { name: 'f.jsonl', bytes: Buffer.from(objects) },
  { name: 'l.json', bytes: Buffer.from(`[${objects.trim().replaceAll('\n', ',\n')}]`) },
  {
    name: 'p.json',
    bytes: Buffer.from(
      JSON.stringify(
        {
          type: 'FeatureCollection',
          features: [1, 2, 3].map((lat) => ({
            type: 'Feature',
            geometry: { type: 'Point', coordinates: [8, 46 + lat] },
            properties: { text: `hoi ${lat}` },
          })),
        },
        null,
        1,
      ),
    ),
  },
  { name: 'r.csv', bytes: Buffer.from(table.replaceAll(',', ';').replaceAll('\n', '\r')) },
  {
    name: 'c.csv',
    bytes: iconv.encode('lat,lon,text\n55.7,37.6,привет из центра города\n59.9,30.3,как у вас дела\n', 'windows-1251'),
  },
  {
    name: 'd.csv',
    bytes: iconv.encode('lat;lon;text\r\r\n47,3;8,5;"grüezi; du"\r\r\n46,9;7,4;schöni Grüess\r\r\n\x1a', 'cp850'),
  },
  {
    name: 'w.csv',
    bytes: Buffer.from(
      `id,geom,text\n1,0101000020E6100000857CD0B35915214063EE5A423EB04740,hoi\n2,"MULTIPOINT ((7.4 46.9))",sali\n3,"{'type': 'Point', 'coordinates': [7, 46]}",adie\n`,
    ),
  },
  {
    name: 'm.jsonl',
    bytes: Buffer.from(
      '{"_id":{"$oid":"5f"},"user_id":{"$numberLong":"7"},"lat":47,"lon":{"$numberDouble":"8.5"},"text":"hoi"}\n'.repeat(
        3,
      ),
    ),
  },
  { name: 'f.xlsx', bytes: workbook },
  { name: 'f.zip', bytes: Buffer.from(zipSync({ 'f.csv': strToU8(table) })) },
]

/** What hurts: bytes of other encodings, halves of characters, quotes, line ends, numbers out of range, long lines. */
const injections = [
  '"',
  '""',
  '\t',
  ',',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\ufeff',
  '0\t0',
  '-0',
  '1e999',
  '91',
  '-181',
  'NaN',
  '\u2028',
  '\ufffd',
].map((text) => Buffer.from(text))
injections.push(
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xc3]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xf8, 0x88]),
  Buffer.alloc(3000, 'x'),
  Buffer.alloc(2000, '"\n'),
)

function mutate(bytes: Buffer, random: Random): Buffer {
  let mutated = Buffer.from(bytes)
  for (let change = 0; change <= random.below(5); change++) {
    const at = random.below(mutated.length + 1)
    const [before, after] = [mutated.subarray(0, at), mutated.subarray(at)]
    switch (random.below(6)) {
      case 0:
        if (mutated.length > 0) mutated[Math.min(at, mutated.length - 1)] = random.below(256)
        break
      case 1:
        mutated = Buffer.concat([before, injections[random.below(injections.length)]!, after])
        break
      case 2:
        mutated = Buffer.concat([before, after.subarray(random.below(1 + Math.min(20, after.length)))])
        break
      case 3:
        mutated = Buffer.concat([before, mutated.subarray(random.below(mutated.length + 1), at), after])
        break
      case 4:
        if (random.next() < 0.3) mutated = Buffer.from(before)
        break
      default:
        mutated = Buffer.concat([before, Buffer.from(String(random.below(400) - 200)), after])
    }
  }
  return mutated
}

/**
 * Imports `count` mutated files in `directory`, each of which must end with an error in words or with a corpus that
 * can be read; files of fields between tabs with the very documents and rejects of the slow twin.
 * @returns how many became a corpus
 */
export async function fuzzImport(directory: string, count: number, seed: number): Promise<number> {
  let taken = 0
  for (let i = 0; i < count; i++) {
    const random = seededRandom(seed, i)
    const source = sources[i % sources.length]!
    // Half of the gz files are damaged inside and packed again, the others as they lie on the disk.
    const isPacked = source.bytes[0] === 0x1f
    const bytes =
      isPacked && random.next() < 0.5
        ? gzipSync(mutate(gunzipSync(source.bytes), random))
        : mutate(source.bytes, random)
    const path = join(directory, source.name)
    await writeFile(path, bytes)
    const where = `file ${i} of seed ${seed}`
    const settings = corpusSettings.parse({
      train: path,
      split: 'none',
      ...(source.format ? { format: source.format } : {}),
    })
    try {
      const summary = await importCorpus(settings, directory, quietContext)
      taken++
      await checkCorpus(directory, bytes, summary, source.format, where)
    } catch (error) {
      if (!(error instanceof EngineError)) throw new Error(`${where} (${source.name})`, { cause: error })
    }
    expect(
      (await readdir(directory)).filter((name) => name.endsWith('.spool')),
      where,
    ).toEqual([])
  }
  return taken
}

async function checkCorpus(
  directory: string,
  bytes: Buffer,
  { rejected: rejectedCount, encoding }: { rejected: number; encoding: string },
  format: CorpusFormat | undefined,
  where: string,
): Promise<void> {
  const corpus = await openCorpus(directory)
  const texts: string[] = []
  for await (const piece of corpus.texts()) texts.push(...piece.map((text) => Buffer.from(text).toString()))
  corpus.close()
  expect(texts.length, where).toBe(corpus.count)
  for (const text of texts) expect(text.isWellFormed() && text.trim() !== '', where).toBe(true)
  const rejected = rejectedCount === 0 ? [] : await readRejected(directory)
  expect(rejected.length, where).toBe(rejectedCount)
  if (format !== 'user-info' && format !== 'lat-lon-text') return
  const slow = slowImport(bytes, format, encoding)
  expect(rejected, where).toEqual(slow.rejected)
  const [lat, lon] = [Array.from(corpus.points.lat), Array.from(corpus.points.lon)]
  // Rows of one author become one document: the first row says where it is.
  const authors = new Set<string>()
  const first = slow.documents.filter(({ author }) => author === null || (!authors.has(author) && authors.add(author)))
  expect(lat, where).toEqual(first.map((document) => document.lat))
  expect(lon, where).toEqual(first.map((document) => document.lon))
  const joined = first.map((document) =>
    document.author === null
      ? document.text
      : slow.documents
          .filter(({ author }) => author === document.author)
          .map(({ text }) => text)
          .join(' ||| '),
  )
  expect(texts, where).toEqual(joined)
}

async function readRejected(directory: string) {
  const db = await openDuckDb({ allowedDirectories: [directory] })
  try {
    return await db.rows(`SELECT line, reason FROM ${parquetFile}`, { path: join(directory, 'rejected.parquet') })
  } finally {
    db.close()
  }
}
