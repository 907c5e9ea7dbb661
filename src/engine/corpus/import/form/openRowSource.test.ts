import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { openRowSource } from './openRowSource.ts'
import type { ReadingOptions } from './reading.ts'
import type { RowTaker } from './rowTaker.ts'

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-reading-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

async function opened(name: string, content: string | Uint8Array, options: ReadingOptions = {}) {
  const path = join(directory, name)
  await writeFile(path, content)
  const { reading, columns, sample, read } = await openRowSource(path, options)
  const rows: string[][] = []
  const lines: number[] = []
  const rejected: [number, string][] = []
  const taker: RowTaker = {
    row(line, fields) {
      lines.push(line)
      rows.push(columns.map((_, index) => fields.text(index)))
    },
    reject: (line, reason) => rejected.push([line, reason]),
  }
  for await (const _ of read(taker)) continue
  expect(sample).toEqual(rows.slice(0, sample.length))
  return { reading, columns, rows, lines, rejected }
}

describe('containers', () => {
  const table = 'lat,lon,text\n47,8,grüezi\n46,7,salü\n'
  const expected = {
    columns: ['lat', 'lon', 'text'],
    rows: [
      ['47', '8', 'grüezi'],
      ['46', '7', 'salü'],
    ],
  }

  it('reads gzip of several members, padded with zeros, whatever its name', async () => {
    const members = Buffer.concat([gzipSync(table.slice(0, 20)), gzipSync(table.slice(20)), Buffer.alloc(64)])
    expect(await opened('a.csv', members)).toMatchObject({
      ...expected,
      reading: { container: 'gzip', delimiter: ',' },
    })
  })

  it('reads zstd', async () => {
    // printf 'lat,lon,text\n47,8,grüezi\n46,7,salü\n' | zstd, in two frames
    const frame = (text: string) =>
      Buffer.concat([
        Buffer.from('28b52ffd00', 'hex'),
        Buffer.from([0x58]),
        Buffer.from([((Buffer.byteLength(text) << 3) & 255) | 1, Buffer.byteLength(text) >> 5, 0]),
        Buffer.from(text),
      ])
    expect(await opened('a.zst', Buffer.concat([frame(table.slice(0, 20)), frame(table.slice(20))]))).toMatchObject({
      ...expected,
      reading: { container: 'zstd' },
    })
  })

  it('reads the one table of a zip archive, and names the files of others', async () => {
    const one = zipSync({ 'tables/a.csv': strToU8(table), '__MACOSX/._a.csv': strToU8('x'), 'readme.md': strToU8('x') })
    expect(await opened('a.csv.zip', one)).toMatchObject({
      ...expected,
      reading: { container: 'zip', notes: [expect.stringMatching(/tables\/a\.csv/)] },
    })
    const about = { 'README.txt': strToU8('x'), 'LICENSE.txt': strToU8('x') }
    expect(await opened('d.zip', zipSync({ 'a.csv': strToU8(table), ...about }))).toMatchObject(expected)
    const two = zipSync({ 'a.csv': strToU8(table), 'b.csv': strToU8(table) })
    await expect(opened('b.zip', two)).rejects.toMatchObject({
      code: 'import/wrong-container',
      message: expect.stringMatching(/zip archive with a\.csv, b\.csv.*unpack/) as string,
    })
    await expect(opened('c.zip', one.subarray(0, 150))).rejects.toMatchObject({ code: 'import/damaged-archive' })
  })

  it('knows Parquet by its content, and a table that is called so', async () => {
    const path = join(directory, 'odd.csv')
    const db = await openDuckDb({ allowedDirectories: [directory] })
    await db.run(`COPY (SELECT 'servus' AS text, 1153210987654321098 AS id) TO '${path}' (FORMAT parquet)`)
    db.close()
    const source = await openRowSource(path)
    expect(source).toMatchObject({
      columns: ['text', 'id'],
      sample: [['servus', '1153210987654321098']],
      reading: { container: 'parquet' },
    })
    expect(await opened('table.parquet', table)).toMatchObject(expected)
    await expect(opened('cut.parquet', Buffer.from('PAR1 and not its end'))).rejects.toMatchObject({
      code: 'import/damaged-parquet',
    })
  })

  it.each([
    ['SQLite format 3\0xxxx', /SQLite/],
    ['%PDF-1.7 xxx', /PDF/],
    ['<!DOCTYPE html><html>', /web page/],
    ['\x37\x7a\xbc\xaf\x27\x1c', /7z archive/],
    ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', /\.xls/],
    ['\xff\xfe\0\0a\0\0\0', /UTF-32/],
    ['version https://git-lfs.github.com/spec/v1', /Git LFS/],
    [`${'x'.repeat(257)}ustar`, /tar archive/],
    ['RDX3\nX\n\0\0\0\x03', /R data file/],
    ['\x03\x7c\x01\x0f\x08\0\0\0 47.376900', /dBASE/],
    ['\0\0\x27\x0a\0\0\0\0', /shapefile/],
    ['q\x02\x01\0\x05\0', /Stata/],
    [`${'x'.repeat(12)}\xc2\xea\x81\x60\xb3\x14\x11\xcf`, /SAS/],
    [`${'0'.repeat(60)}ASCII SPSS PORT FILE`, /SPSS/],
    ['<TEI xmlns="http://www.tei-c.org/ns/1.0"><text/></TEI>', /XML/],
    ['<kml:kml xmlns:kml="http://www.opengis.net/kml/2.2">', /XML/],
  ])('names %j', async (content, what) => {
    await expect(opened('a.txt', Buffer.from(content, 'latin1'))).rejects.toMatchObject({
      code: 'import/wrong-container',
      message: expect.stringMatching(what) as string,
    })
    await expect(opened('a.gz', gzipSync(Buffer.from(content, 'latin1')))).rejects.toMatchObject({
      code: 'import/wrong-container',
      message: expect.stringMatching(what) as string,
    })
  })
})

describe('texts that are no tables', () => {
  it.each([
    ["-- dump\nINSERT INTO tweets (lat,lon,text) VALUES\n(47.3,8.5,'hoi'),\n(46.9,7.4,'sali');\n", /SQL script/],
    ['structure(list(lat = c(47.3,46.9), lon = c(8.5,7.4)), class = "data.frame")\n', /dput/],
    ["{'text': 'hoi', 'lat': 47.3, 'lon': 8.5}\n{'text': 'sali', 'lat': 46.9, 'lon': 7.4}\n", /Python, not JSON/],
    ['% words\n@RELATION dialects\n@ATTRIBUTE lat NUMERIC\n@DATA\n47.3,8.5\n', /Weka/],
    ['- lat: 47.3\n  lon: 8.5\n  text: hoi\n', /YAML/],
    ['# text = hoi\n1\thoi\thoi\tINTJ\t_\t_\t0\troot\t_\t_\n', /CoNLL-U/],
    ['+----+-----+\n| lat | lon |\n+----+-----+\n| 47 | 8 |\n', /on the screen/],
    ['{"type":"Topology","objects":{}}', /TopoJSON/],
    ['[["lat","lon","text"],[47.3,8.5,"hoi"]]', /list of lists/],
    ['[47.3,8.5,"hoi"]\n[46.9,7.4,"sali"]\n', /list of lists/],
    [
      '{"lat":{"0":47.3,"1":46.9},"lon":{"0":8.5,"1":7.4},"text":{"0":"hoi","1":"sali"}}',
      /column by column.*orient="records"/,
    ],
    ['{"lat":[47.3,46.9],"lon":[8.5,7.4],"text":["hoi","sali"]}', /one object.*orient="records"/],
    ['{"columns":["lat","lon"],"index":[0],"data":[[47.3,8.5]]}', /one object/],
    ['{"a":{"lat":47.3,"lon":8.5},"b":{"lat":46.9,"lon":7.4}}', /one object/],
  ])('are named: %j', async (content, what) => {
    await expect(opened('a.json', content)).rejects.toMatchObject({
      code: 'import/wrong-container',
      message: expect.stringMatching(what) as string,
    })
  })

  it('are not seen where there are none', async () => {
    expect(
      await opened('a.json', '{"user":{"id":1,"name":"a"},"place":{"id":2,"full":"b"},"text":"hoi"}'),
    ).toMatchObject({
      rows: [['1', 'a', '2', 'b', 'hoi']],
    })
    expect(await opened('a.tsv', 'text\tlat\tlon\n[laughs]\t47\t8\n- so: ja\t46\t7\n')).toMatchObject({
      rows: [
        ['[laughs]', '47', '8'],
        ['- so: ja', '46', '7'],
      ],
    })
    expect(await opened('a.csv', 'lat,lon,text\n47,8,insert into it\n')).toMatchObject({
      rows: [['47', '8', 'insert into it']],
    })
  })
})

describe('workbooks', () => {
  const sheet = (rows: string) =>
    strToU8(
      `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
    )
  const rows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>lat</t></is></c><c r="C1" t="s"><v>1</v></c><c r="D1" t="s"><v>2</v></c><c r="E1" t="s"><v>3</v></c></row>
    <row r="3"><c r="A3"><v>1.153210987654321E+18</v></c><c r="B3"><v>47.299999999999997</v></c><c r="C3"><v>8.5</v></c><c r="D3" t="s"><v>4</v></c><c r="E3" s="1"><v>45413</v></c></row>
    <row r="4"><c r="A4" t="str"><v>1153210987654321098</v></c><c r="B4"><v>47.1</v></c><c r="D4" t="s"><v>4</v></c></row>`
  const workbook = {
    'xl/workbook.xml': strToU8(
      '<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Notes" sheetId="1" r:id="rId1"/><sheet name="Data &amp; more" sheetId="2" r:id="rId2"/></sheets></workbook>',
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
    ),
    'xl/styles.xml': strToU8(
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    ),
    'xl/sharedStrings.xml': strToU8(
      '<sst><si><t>id</t></si><si><t>lon</t></si><si><r><t>te</t></r><r><t>xt</t></r></si><si><t>date</t></si><si><t xml:space="preserve">hoi zäme_x000D_\n&amp; du</t><rPh><t>x</t></rPh></si></sst>',
    ),
    'xl/worksheets/sheet1.xml': sheet(''),
    'xl/worksheets/sheet2.xml': sheet(rows),
  }

  it('reads the first sheet that holds rows: shared and rich strings, dates, numbers with all digits', async () => {
    const { reading, columns, rows: found, lines } = await opened('a.xlsx', zipSync(workbook))
    expect(columns).toEqual(['id', 'lat', 'lon', 'text', 'date'])
    expect(found).toEqual([
      ['1153210987654321000', '47.3', '8.5', 'hoi zäme\r\n& du', '2024-05-01'],
      ['1153210987654321098', '47.1', '', 'hoi zäme\r\n& du', ''],
    ])
    expect(lines).toEqual([3, 4])
    expect(reading).toMatchObject({
      container: 'xlsx',
      format: 'xlsx',
      sheet: 'Data & more',
      header: true,
      notes: [expect.stringMatching(/another: "Notes"/)],
    })
    await expect(opened('a.xlsx', zipSync(workbook), { sheet: 'None' })).rejects.toMatchObject({
      code: 'import/sheet-missing',
      message: expect.stringMatching(/"Notes", "Data & more"/) as string,
    })
  })

  it('passes over sheets of notes and codes for one that may be a corpus', async () => {
    const note = sheet(
      '<row r="1"><c t="inlineStr"><is><t>Code</t></is></c><c t="inlineStr"><is><t>Meaning</t></is></c></row><row r="2"><c><v>1</v></c><c t="inlineStr"><is><t>soda</t></is></c></row>',
    )
    expect(await opened('a.xlsx', zipSync({ ...workbook, 'xl/worksheets/sheet1.xml': note }))).toMatchObject({
      columns: ['id', 'lat', 'lon', 'text', 'date'],
      reading: { sheet: 'Data & more', notes: [expect.stringMatching(/another: "Notes"/)] },
    })
    const notes = await opened('b.xlsx', zipSync({ ...workbook, 'xl/worksheets/sheet1.xml': note }), { sheet: 'Notes' })
    expect(notes.rows).toEqual([['1', 'soda']])
  })

  it('names a damaged workbook', async () => {
    await expect(
      opened('a.xlsx', zipSync({ ...workbook, 'xl/worksheets/sheet2.xml': strToU8('<worksheet><sheetData><row>') })),
    ).rejects.toMatchObject({ code: 'import/damaged-archive' })
  })

  it('reads OpenDocument', async () => {
    const cell = (text: string, more = '') =>
      `<table:table-cell office:value-type="string" ${more}><text:p>${text}</text:p></table:table-cell>`
    const content = `<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table table:name="Orte"><table:table-row>${cell('lat')}${cell('lon')}${cell('text')}</table:table-row>
      <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="47.25"><text:p>47,3</text:p></table:table-cell>${cell('8', 'table:number-columns-repeated="1"')}${cell('hoi<text:s text:c="2"/>zäme')}<table:table-cell table:number-columns-repeated="16381"/></table:table-row>
      <table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:document-content>`
    const archive = zipSync({
      mimetype: strToU8('application/vnd.oasis.opendocument.spreadsheet'),
      'content.xml': strToU8(content),
    })
    expect(await opened('a.ods', archive)).toMatchObject({
      columns: ['lat', 'lon', 'text'],
      rows: [
        ['47.25', '8', 'hoi  zäme'],
        ['47.25', '8', 'hoi  zäme'],
      ],
      lines: [2, 3],
      reading: { container: 'ods', sheet: 'Orte' },
    })
  })
})

describe('encodings', () => {
  const sentences: Record<string, string[]> = {
    'windows-1251': ['привет из центра города', 'сегодня хорошая погода', 'здравствуйте'],
    'koi8-r': ['привет из центра города', 'сегодня хорошая погода'],
    'windows-1250': ['příliš žluťoučký kůň', 'dobrý den, jak se máte', 'děkuji pěkně'],
    'iso-8859-2': ['zażółć gęślą jaźń', 'dzień dobry, co słychać'],
    'windows-1252': ['grüezi mitenand', 'schöne Grüße “aus” Köln'],
    'windows-1253': ['καλημέρα σας', 'τι κάνετε σήμερα'],
    'windows-1254': ['günaydın arkadaşlar', 'nasılsınız, iyi misiniz'],
    shift_jis: ['おはようございます', '今日はいい天気ですね'],
    'euc-kr': ['안녕하세요 여러분', '오늘은 날씨가 좋습니다'],
    gb18030: ['你们好，今天天气很好', '我是中国人'],
    ibm850: ['grüezi mitenand', '¿dónde está el niño? mañana', 'le café est très chaud', 'på øya går jeg ofte'],
    ibm852: ['zażółć gęślą jaźń', 'dzień dobry, co słychać', 'święta są już blisko'],
    ibm866: ['привет из центра города', 'сегодня хорошая погода'],
    ibm737: ['καλημέρα σας', 'τι κάνετε σήμερα'],
    ibm857: ['günaydın arkadaşlar', 'nasılsınız, iyi misiniz'],
    big5: ['你們好，今天天氣很好', '這是我的家'],
  }
  it.each(Object.entries(sentences))('finds %s on a few short lines, and says so', async (encoding, texts) => {
    const table = `lat\tlon\ttext\n${texts.map((text, i) => `4${i}.5\t8\t${text}\n`).join('')}`
    const { rows, reading } = await opened('a.tsv', iconv.encode(table, encoding))
    expect(rows.map(([, , text]) => text)).toEqual(texts)
    expect(reading).toMatchObject({ encoding, notes: [expect.stringMatching(/--encoding/)] })
  })

  it.each([
    ['utf-16le', false],
    ['utf-16be', true],
  ])('reads %s without a mark', async (encoding, isBig) => {
    const bytes = Buffer.from('lat,lon,text\n47,8,привет\n', 'utf16le')
    expect(await opened('a.csv', isBig ? bytes.swap16() : bytes)).toMatchObject({
      rows: [['47', '8', 'привет']],
      reading: { encoding },
    })
  })

  it('reads the languages of a bilingual country in one file as they were written', async () => {
    const texts = [
      'schöne Grüße',
      'la fenêtre est fermée',
      'heiß und süß',
      'où est le garçon, élève à l’école',
      'Öpfel',
    ]
    const table = `lat\tlon\ttext\n${texts.map((text, i) => `4${i}.5\t8\t${text}\n`).join('')}`
    const { rows, reading } = await opened('a.tsv', iconv.encode(table, 'windows-1252'))
    expect(rows.map(([, , text]) => text)).toEqual(texts)
    expect(reading).toMatchObject({ encoding: 'windows-1252', notes: [expect.stringMatching(/German and French/)] })
  })

  it('notices text that was encoded twice, and no other', async () => {
    const table = (text: string) => `lat,lon,text\n47,8,${text}\n`
    const twice = (text: string) => Buffer.from(text).toString('latin1')
    for (const text of ['für', 'привет', 'it’s'])
      expect((await opened('a.csv', table(twice(text)))).reading.notes).toEqual([
        expect.stringMatching(/1 of the first 1 rows.*encoded twice/),
      ])
    for (const text of ['São Paulo', 'ÀÉÎÕÜ', 'El Niño; SEÑAL', 'Ðað'])
      expect((await opened('a.csv', table(text))).reading.notes).toEqual([])
  })

  it('takes the user’s word, by any alias, and refuses what it does not know', async () => {
    const bytes = iconv.encode('lat,lon,text\n47,8,ё\n', 'koi8-r')
    expect(await opened('a.csv', bytes, { encoding: 'KOI8' })).toMatchObject({
      rows: [['47', '8', 'ё']],
      reading: { encoding: 'koi8-r', notes: [] },
    })
    await expect(opened('a.csv', bytes, { encoding: 'klingon' })).rejects.toMatchObject({
      code: 'import/unknown-encoding',
      message: expect.stringMatching(/windows-1251/) as string,
    })
  })

  it('finds an encoding that shows late in a packed file, and reads nothing twice', async () => {
    const ascii = Array.from({ length: 60_000 }, (_, i) => `47,8,plain words of row ${i}\n`).join('')
    const bytes = gzipSync(
      Buffer.concat([
        Buffer.from(`lat,lon,text\n${ascii}`),
        iconv.encode('46,7,привет из центра города\n', 'windows-1251'),
      ]),
    )
    const { rows, reading } = await opened('a.csv.gz', bytes)
    expect(rows.at(-1)).toEqual(['46', '7', 'привет из центра города'])
    expect(reading).toMatchObject({ encoding: 'windows-1251', notes: [expect.stringMatching(/windows-1251/)] })
  })
})

describe('tables', () => {
  it.each([
    [
      'semicolons and decimal commas',
      'a.csv',
      'Breite;Länge;Text\n47,5;8,25;ja, gut\n46,9;7,4;nein\n',
      ';',
      [
        ['47,5', '8,25', 'ja, gut'],
        ['46,9', '7,4', 'nein'],
      ],
    ],
    [
      'a header with as many commas',
      'a.csv',
      'T;B (Grad, dezimal);L (Grad, dezimal)\nsali;47,3;8,5\nhoi;46,9;7,4\n',
      ';',
      [
        ['sali', '47,3', '8,5'],
        ['hoi', '46,9', '7,4'],
      ],
    ],
    [
      'pipes',
      'a.txt',
      'lat|lon|text\n47|8|a, b\n46|7|c; d\n',
      '|',
      [
        ['47', '8', 'a, b'],
        ['46', '7', 'c; d'],
      ],
    ],
    ['tabs in a .csv', 'a.csv', 'lat\tlon\ttext\n47\t8\ta, b\n', '\t', [['47', '8', 'a, b']]],
    ['Excel’s sep line', 'a.csv', '\ufeffsep=;\r\nlat;lon;text\r\n47;8;a\r\n', ';', [['47', '8', 'a']]],
    [
      'lines that end as on old Macs',
      'a.csv',
      'lat,lon,text\r47,8,a\r46,7,b\r',
      ',',
      [
        ['47', '8', 'a'],
        ['46', '7', 'b'],
      ],
    ],
    [
      'line ends that were made Windows’ twice, and the end mark of DOS',
      'a.csv',
      'lat,lon,text\r\r\n47,8,"a, b"\r\r\n46,7,b\r\r\n\x1a',
      ',',
      [
        ['47', '8', 'a, b'],
        ['46', '7', 'b'],
      ],
    ],
    [
      'line ends of three systems',
      'a.csv',
      'lat,lon,text\r\n47,8,a\r46,7,b\n45,6,c\r\n',
      ',',
      [
        ['47', '8', 'a'],
        ['46', '7', 'b'],
        ['45', '6', 'c'],
      ],
    ],
    [
      'R’s write.table',
      'a.txt',
      '"lat" "lon" "text"\n"1" 47 8 "hoi du"\n"2" 46 7 "he said \\"sali\\""\n',
      ' ',
      [
        ['1', '47', '8', 'hoi du'],
        ['2', '46', '7', 'he said "sali"'],
      ],
    ],
    [
      'R’s row names',
      'a.csv',
      '"lat","lon","text"\n"1",47,8,"hoi, du"\n"2",46,7,"sali"\n',
      ',',
      [
        ['1', '47', '8', 'hoi, du'],
        ['2', '46', '7', 'sali'],
      ],
    ],
    [
      'a delimiter too many',
      'a.csv',
      'lat;lon;text\n47;8;a;\n46;7;b;\n',
      ';',
      [
        ['47', '8', 'a'],
        ['46', '7', 'b'],
      ],
    ],
    [
      'rows cut short',
      'a.csv',
      'id;lat;lon;Q1;Q2\n1;47;8;1;2\n2;46;7;1\n3;45;6\n',
      ';',
      [
        ['1', '47', '8', '1', '2'],
        ['2', '46', '7', '1', ''],
        ['3', '45', '6', '', ''],
      ],
    ],
    [
      'a header that names the first columns alone',
      'a.csv',
      'lat,lon,text\n47,8,a,x,y\n46,7,b,x,z\n',
      ',',
      [
        ['47', '8', 'a', 'x', 'y'],
        ['46', '7', 'b', 'x', 'z'],
      ],
    ],
    [
      'comments and a title',
      'a.csv',
      '# made by hand\n#\nSurvey of 2019\nlat,lon,text\n47,8,#hashtag\n',
      ',',
      [['47', '8', '#hashtag']],
    ],
    [
      'a header written as a comment',
      'a.tsv',
      '#lat\tlon\ttext\n47\t8\ta\n46\t7\tb\n',
      '\t',
      [
        ['47', '8', 'a'],
        ['46', '7', 'b'],
      ],
    ],
    [
      'a header that is repeated',
      'a.csv',
      'lat,lon,text\n47,8,a\nlat,lon,text\n46,7,b\n',
      ',',
      [
        ['47', '8', 'a'],
        ['46', '7', 'b'],
      ],
    ],
    [
      'backslashes before quotes',
      'a.csv',
      'lat,lon,text\n40,-80,"she said \\"hi, yinz\\" twice"\n41,-81,"a \\\\ b"\n',
      ',',
      [
        ['40', '-80', 'she said "hi, yinz" twice'],
        ['41', '-81', 'a \\ b'],
      ],
    ],
    [
      'apostrophes as quotes',
      'a.csv',
      "lat,lon,text\n47,8,'ja, so'\n46,7,'nei'\n",
      ',',
      [
        ['47', '8', 'ja, so'],
        ['46', '7', 'nei'],
      ],
    ],
    [
      'apostrophes as letters',
      'a.csv',
      "lat,lon,text\n47,8,'tis\n46,7,don't\n",
      ',',
      [
        ['47', '8', "'tis"],
        ['46', '7', "don't"],
      ],
    ],
    [
      'a dump with \\N',
      'a.tsv',
      '47\t8\tone\\ttwo\n46\t\\N\tline\\nbreak\n',
      '\t',
      [
        ['47', '8', 'one\ttwo'],
        ['46', '', 'line\nbreak'],
      ],
    ],
    [
      'quotes of a TSV that are letters',
      'a.tsv',
      'lat\tlon\ttext\n40\t-80\t"so nice\n41\t-81\thello\n42\t-82\tshe said "bye"\n43\t-83\t"quoted" start\n',
      '\t',
      [
        ['40', '-80', '"so nice'],
        ['41', '-81', 'hello'],
        ['42', '-82', 'she said "bye"'],
        ['43', '-83', '"quoted" start'],
      ],
    ],
    [
      'quotes of a TSV that part',
      'a.tsv',
      'lat\tlon\ttext\n40\t-80\t"two\nlines"\n41\t-81\t"a ""word"""\n',
      '\t',
      [
        ['40', '-80', 'two\nlines'],
        ['41', '-81', 'a "word"'],
      ],
    ],
  ] as [string, string, string, string, string[][]][])('reads %s', async (_, name, content, delimiter, rows) => {
    const found = await opened(name, content)
    expect(found.rows).toEqual(rows)
    expect(found.rejected).toEqual([])
    expect(found.reading.delimiter).toBe(delimiter)
  })

  it('tells the lines in which rows begin behind what is no row', async () => {
    expect(await opened('a.csv', 'sep=,\n# a comment\nlat,lon,text\n\n47,8,"a\nb"\n46,7,c\n')).toMatchObject({
      lines: [5, 7],
      reading: {
        header: true,
        quote: '"',
        escape: 'doubled',
        rowsSkipped: [
          { reason: 'comment', count: 1 },
          { reason: 'sep-line', count: 1 },
        ],
      },
    })
  })

  it('calls columns without a header by their number, and says so', async () => {
    const geoText =
      'USER_0\t2010-03-01T04:15:26\tÜT: 40.5,-70.1\t40.5\t-70.1\tlol word\nUSER_1\t2010-03-02T04:15:26\tHere\t41.5\t-71.1\tyo\n'
    expect(await opened('full_text.txt', geoText)).toMatchObject({
      columns: ['1', '2', '3', '4', '5', '6'],
      lines: [1, 2],
      reading: { header: false, notes: [expect.stringMatching(/--header/)] },
    })
    expect(await opened('a.csv', '40.0,-80.0,"hello, there"\n40.1,-80.1,"hi, you"\n')).toMatchObject({
      columns: ['1', '2', '3'],
      rows: [
        ['40.0', '-80.0', 'hello, there'],
        ['40.1', '-80.1', 'hi, you'],
      ],
    })
    expect(await opened('a.csv', 'a,b,c\nd,e,f\n', { header: false })).toMatchObject({
      columns: ['1', '2', '3'],
      rows: [
        ['a', 'b', 'c'],
        ['d', 'e', 'f'],
      ],
    })
  })

  it('keeps names that differ in case, and gives distinct names to others', async () => {
    const { columns, reading } = await opened(
      'a.csv',
      'lat,lon,text,Sex,sex,age,age,,constructor,__proto__\n47,8,a,f,female,1,2,3,4,5\n',
    )
    expect(columns).toEqual([
      'lat',
      'lon',
      'text',
      'Sex',
      'sex',
      'age',
      'age 2',
      'column 8',
      'constructor',
      '__proto__',
    ])
    expect(reading.notes).toEqual([expect.stringMatching(/"age 2"/), expect.stringMatching(/column 8/)])
  })

  it('gives up a quote as soon as it swallows a row', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `${40 + i / 1000},-80,"text, ${i}"\n`)
    rows[2000] = '42,-80,"never closed\n'
    const { rows: found, rejected } = await opened('a.csv', `lat,lon,text\n${rows.join('')}`)
    expect(found.length).toBe(2999)
    expect(rejected).toEqual([[2002, 'quote-not-closed']])
  })

  it('takes what the user says of delimiter and quotes', async () => {
    expect(
      await opened('a.txt', 'lat~lon~text\n47~8~"a"\n', { format: 'csv', delimiter: '~', quote: 'none' }),
    ).toMatchObject({ rows: [['47', '8', '"a"']], reading: { quote: null } })
    expect(
      await opened('a.txt', 'lat\tlon\ttext\n47\t8\t"a"\n', { format: 'csv', delimiter: 'tab', quote: '"' }),
    ).toMatchObject({ rows: [['47', '8', 'a']] })
    await expect(opened('a.csv', 'a,b\n', { delimiter: 'xy' })).rejects.toMatchObject({
      code: 'import/wrong-delimiter',
    })
  })
})

describe('JSON', () => {
  const objects = [
    { text: 'grüezi [1], {2}', lat: 47, lon: 8 },
    { text: 'so "und" so\n', lat: 46, lon: 7 },
    { text: 'x', lat: 45.5, lon: 6 },
  ]
  const expected = objects.map(({ text, lat, lon }) => [text, String(lat), String(lon)])
  it.each([
    ['an object a line', objects.map((object) => JSON.stringify(object)).join('\n'), 'jsonl'],
    ['one list on a line', JSON.stringify(objects), 'json'],
    ['a pretty list', JSON.stringify(objects, null, 2), 'json'],
    ['objects over several lines', objects.map((object) => JSON.stringify(object, null, 2)).join('\n'), 'json'],
    [
      'objects one behind the other',
      objects.map((object) => JSON.stringify(object, null, 1).replaceAll('\n', '')).join(''),
      'json',
    ],
    ['a list within an object', JSON.stringify({ meta: { count: 3 }, data: objects }), 'json'],
    ['a list of an archive of tweets', `window.YTD.tweets.part0 = ${JSON.stringify(objects)}`, 'json'],
  ])('reads %s', async (_, content, format) => {
    expect(await opened('a.txt', content)).toMatchObject({
      columns: ['text', 'lat', 'lon'],
      rows: expected,
      rejected: [],
      reading: { format },
    })
  })

  it('reads points of GeoJSON, as a collection and as a sequence', async () => {
    const features = objects.map(({ text, lat, lon }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: { text, lat: 'own' },
    }))
    for (const content of [
      JSON.stringify({ type: 'FeatureCollection', crs: { type: 'name' }, features }),
      features.map((feature) => `\x1e${JSON.stringify(feature)}\n`).join(''),
    ]) {
      const { columns, rows, reading } = await opened('a.json', content)
      expect(columns).toEqual(['lat', 'lon', 'text', 'properties.lat'])
      expect(rows).toEqual(objects.map(({ text, lat, lon }) => [String(lat), String(lon), text, 'own']))
      expect(reading.format).toBe('geojson')
    }
  })

  it('calls nested values by their path, and keeps every digit', async () => {
    const tweet =
      '{"id": 1153210987654321098, "user": {"id_str": "7", "constructor": 1}, "coordinates": {"type": "Point", "coordinates": [-79.99, 40.440000000000005]}, "tags": ["a b", "c"], "urls": [{"u": 1}], "place": {"box": [[[1.5, 2.5], [3.5, 4.5]]]}, "geo": null, "full_text": "see 9999999999999999999, NaN"}'
    const { columns, rows } = await opened(
      'a.jsonl',
      `${tweet}\n{"id": 2, "score": NaN, "geo": {"lat": -Infinity, "n": 1e3}}\n`,
    )
    const values = Object.fromEntries(columns.map((name, i) => [name, rows.map((row) => row[i])]))
    expect(values).toEqual({
      id: ['1153210987654321098', '2'],
      'user.id_str': ['7', ''],
      'user.constructor': ['1', ''],
      'coordinates.type': ['Point', ''],
      'coordinates.coordinates.0': ['-79.99', ''],
      'coordinates.coordinates.1': ['40.440000000000005', ''],
      tags: ['a b, c', ''],
      urls: ['[{"u":1}]', ''],
      'place.box.0.0.0': ['1.5', ''],
      'place.box.0.0.1': ['2.5', ''],
      'place.box.0.1.0': ['3.5', ''],
      'place.box.0.1.1': ['4.5', ''],
      full_text: ['see 9999999999999999999, NaN', ''],
      score: ['', ''],
      'geo.lat': ['', ''],
      'geo.n': ['', '1000'],
    })
  })

  it('has the keys of later rows, and tells of those that come too late', async () => {
    const plain = Array.from({ length: 500 }, (_, i) => `{"text":"row ${i}"}\n`).join('')
    expect(await opened('a.jsonl', `${plain}{"text":"last","lat":47}\n`)).toMatchObject({ columns: ['text', 'lat'] })
    const long = gzipSync(
      `${`{"text":"${'word '.repeat(100)}"}\n`.repeat(3000)}{"text":"last","lat":47,"user":{"id":1}}\n`,
    )
    const { columns, reading } = await opened('a.jsonl.gz', long)
    expect(columns).toEqual(['text'])
    expect(reading.notes).toEqual([expect.stringMatching(/"lat" \(1 row\), "user" \(1 row\)/)])
  })

  it('loses a row to damage, not the file', async () => {
    const deep = `{"text":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    const found = await opened('a.jsonl', `{"text":"a"}\n${deep}\n{"text":\n{'text': 'python'}\n{"text":"b"}\n`)
    expect(found).toMatchObject({
      rows: [['a'], ['b']],
      rejected: [
        [2, 'nested-too-deeply'],
        [3, 'not-json'],
        [4, 'not-json'],
      ],
    })
    const list = '[\n{"text": "a"},\n{"text": "not closed,\n "lat": 1},\n17,\n{"text": "b"},\n{"text": "cut off'
    expect(await opened('a.json', list)).toMatchObject({
      rows: [['a'], ['b']],
      lines: [2, 6],
      rejected: [
        [3, 'not-json'],
        [4, 'not-json'],
        [5, 'not-json'],
        [7, 'not-json'],
      ],
    })
  })

  it('reads a list of many blocks in order, with the lines of its objects', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => ({ text: `word "${i}" }]`, lat: 40 + (i % 10), lon: 8 }))
    const { rows, lines } = await opened('a.json', JSON.stringify({ type: 'x', data: many }, null, 1))
    expect(rows.length).toBe(many.length)
    expect(rows.every(([text], i) => text === many[i]!.text)).toBe(true)
    expect(lines.at(-1)).toBe(4 + 5 * (many.length - 1))
  }, 60_000)
})
