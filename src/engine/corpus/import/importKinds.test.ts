import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { corpusSettings } from '#protocol/experiment.ts'
import type { ImportReading } from '#protocol/corpus.ts'
import { quietContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { readCorpusReading } from '#engine/runs/corpusReading.ts'
import { importCorpus } from './importCorpus.ts'
import { previewImport } from './previewImport.ts'

/** Files as people have them, from end to end: what each kind becomes in a corpus, and what is told of it. */

let directory: string
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'isogloss-kinds-'))))
afterEach(() => rm(directory, { recursive: true, force: true }))

async function file(name: string, content: string): Promise<string> {
  const path = join(directory, name)
  await mkdir(join(path, '..'), { recursive: true })
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
  return all.map(({ fold, author, text, lat, lon }) => ({
    fold,
    author,
    text,
    lat: Number(lat.toFixed(4)),
    lon: Number(lon.toFixed(4)),
  }))
}
const texts = async () => (await documents()).map(({ text }) => text)

async function rejected() {
  const path = join(directory, 'rejected.parquet')
  const db = await openDuckDb({ allowedPaths: [path] })
  const rows = await db.rows('SELECT file, line, reason, explanation, raw FROM read_parquet($path) ORDER BY line', {
    path,
  })
  db.close()
  return rows
}

describe('folds', () => {
  const table = `id,lat,lon,text,split\n${Array.from({ length: 12 }, (_, i) => `${i},47.${i}1,8.${i}1,wort ${i},${['train', 'Train', 'validation', 'TEST'][i % 4]}`).join('\n')}`

  it('of a column are offered, and taken where they are named, wherever the rows stand', async () => {
    const path = await file('all.csv', table)
    expect(await take(path)).toMatchObject({
      documents: { train: 12, dev: 0, test: 0 },
      warnings: [expect.stringMatching(/Column "split" says which row belongs to which fold/)],
    })
    for (const named of [
      { split: { column: 'split' } },
      { columns: { fold: 'split' } },
      { columns: { fold: 'split' }, split: {} },
    ]) {
      expect(await take(path, named)).toMatchObject({
        documents: { train: 6, dev: 3, test: 3 },
        splitBy: 'column',
        warnings: [],
      })
      expect(
        (await documents()).map(({ fold, text }) => `${fold} ${text}`).filter((line) => !line.startsWith('train')),
      ).toEqual(['dev wort 2', 'dev wort 6', 'dev wort 10', 'test wort 3', 'test wort 7', 'test wort 11'])
    }
  })

  it('that a column leaves out are drawn, and a word for none of them costs its row', async () => {
    const path = await file('all.csv', table.replaceAll('validation', 'train').replace(',TEST', ',red'))
    const summary = await take(path, { columns: { fold: 'split' }, split: { dev: 0.25, by: 'document' } })
    expect(summary).toMatchObject({
      documents: { dev: 2, test: 2 },
      splitBy: 'document',
      rejectedByReason: { 'no-fold': 1 },
    })
    expect(await rejected()).toMatchObject([{ explanation: 'The fold "red" is none of train, dev and test.' }])
  })

  it('keep one document an author in each fold', async () => {
    const rows = ['a,47.1,8.1,one,train', 'a,47.1,8.1,two,test', 'a,47.1,8.1,three,train', 'b,47.2,8.2,four,test']
    await take(await file('a.csv', `user,lat,lon,text,fold\n${rows.join('\n')}`), { split: { column: 'fold' } })
    expect((await documents()).map(({ fold, author, text }) => [fold, author, text])).toEqual([
      ['train', 'a', 'one ||| three'],
      ['test', 'a', 'two'],
      ['test', 'b', 'four'],
    ])
  })

  it('without a usable row are refused before anything is trained', async () => {
    const train = await file('train.tsv', 'lat\tlon\ttext\n47.1\t8.1\teins zwei\n47.2\t8.2\tdrei vier\n')
    await expect(
      take(train, { test: await file('test.tsv', 'lat\tlon\ttext\n\t\tfünf sechs\n') }),
    ).rejects.toMatchObject({
      code: 'import/empty-fold',
      message: expect.stringMatching(/test fold \(test.tsv\).*1 rows no-coordinates.*isogloss predict/) as string,
    })
    await expect(take(train, { test: await file('test.txt', 'fünf sechs\nsieben acht\n') })).rejects.toThrow(
      /in test.txt.*isogloss predict/,
    )
  })

  it('that one file is named for are told', async () => {
    const path = await file('a.csv', 'lat,lon,text\n47.1,8.1,eins zwei\n')
    expect((await take(path, { test: path })).warnings[0]).toMatch(/a.csv is named for two folds, train and test/)
  })
})

describe('authors', () => {
  it('1000 and 1000.0 are one, and 19 digits stay 19', async () => {
    const rows = [
      '1000,47.1,8.1,one',
      '1000.0,47.1,8.1,two',
      '1234567890123456789,47.2,8.2,three',
      '1234567890123456788,47.2,8.2,four',
    ]
    const { warnings } = await take(await file('a.csv', `user_id,lat,lon,text\n${rows.join('\n')}`))
    expect((await documents()).map(({ author, text }) => [author, text])).toEqual([
      ['1000', 'one ||| two'],
      ['1234567890123456789', 'three'],
      ['1234567890123456788', 'four'],
    ])
    expect(warnings).toEqual([expect.stringMatching(/^1 rows of a.csv have an author such as 1000.0/)])
  })

  it('of tweets are the ids inside of their users', async () => {
    const tweets = Array.from({ length: 4 }, (_, i) =>
      JSON.stringify({
        full_text: `yinz ${i}`,
        user: { id_str: String(70 + (i % 2)), screen_name: `n${i % 2}`, statuses_count: i },
        coordinates: { type: 'Point', coordinates: [-79.99, 40.44 + i] },
        geo: { type: 'Point', coordinates: [40.44 + i, -79.99] },
      }),
    )
    const summary = await take(await file('a.jsonl', tweets.join('\n')))
    expect(await documents()).toMatchObject([
      { author: '70', lat: 40.44, lon: -79.99, text: 'yinz 0 ||| yinz 2' },
      { author: '71', lat: 41.44 },
    ])
    expect(summary.furtherColumns).not.toContain('user.screen_name')
    expect(summary.warnings).toEqual([
      expect.stringMatching(/"user.screen_name": names and addresses of people are left out/),
    ])
  })
})

describe('personal columns', () => {
  const csv = 'lat,lon,text,IP Address,Email,First Name,age\n47.1,8.1,eins zwei,10.0.0.1,a@b.org,Ann,31\n'
  it('are left out and told, unless they are asked for', async () => {
    const path = await file('a.csv', csv)
    const { furtherColumns, warnings } = await take(path)
    expect(furtherColumns).toEqual(['age'])
    expect(warnings).toEqual([expect.stringMatching(/"IP Address", "Email", "First Name": .*keepPersonal/)])
    expect(await take(path, { keepPersonal: true })).toMatchObject({
      furtherColumns: ['IP Address', 'Email', 'First Name', 'age'],
      warnings: [],
    })
    expect(JSON.stringify(await readCorpusReading(directory))).toContain('Email')
    await take(path)
    expect(JSON.stringify(await readCorpusReading(directory))).not.toContain('a@b.org')
  })
})

describe('surveys', () => {
  const rows = (cells: (i: number) => string) =>
    Array.from({ length: 6 }, (_, i) => `s${i},40.${i}1,-80.${i}1,${cells(i)}`).join('\n')

  it('take codes’ words from a codebook, and the question’s own missing answers', async () => {
    const codes = await file('codes.csv', 'column,value,text\nQ1,1,soft drink\nQ1,2,soda\nQ2,9,no answer\n')
    await take(
      await file(
        'a.csv',
        `speaker,lat,lon,Q1,Q2,Q3,Q4,Q5\n${rows((i) => `${(i % 3) + 1},${i % 2 ? 9 : 1},1.0,${i % 2},99`)}`,
      ),
      { codes },
    )
    expect((await texts()).slice(0, 3)).toEqual([
      'Q1=soft_drink Q2=1 Q3=1 Q4=0',
      'Q1=soda Q3=1 Q4=1',
      'Q1=3 Q2=1 Q3=1 Q4=0',
    ])
  })

  it('of Qualtrics have three header rows', async () => {
    const head = 'StartDate,IPAddress,LocationLatitude,LocationLongitude,Q1,Q2,Q3,Q4,Q5'
    const questions = 'Start Date,IP Address,Location Latitude,Location Longitude,"What, really?",B?,C?,D?,E?'
    const ids = [
      'startDate',
      'ipAddress',
      'locationLatitude',
      'locationLongitude',
      'QID1',
      'QID2',
      'QID3',
      'QID4',
      'QID5',
    ]
      .map((id) => `"{""ImportId"":""${id}""}"`)
      .join(',')
    const answers = Array.from(
      { length: 5 },
      (_, i) => `2024-01-01 10:00:0${i},10.0.0.${i},40.${i}1,-80.${i}1,soda,yes,1,2,no`,
    )
    const summary = await take(await file('q.csv', [head, questions, ids, ...answers].join('\n')))
    expect(summary).toMatchObject({ documents: { train: 5 }, rejected: 0 })
    expect(await texts()).toContain('Q1=soda Q2=yes Q3=1 Q4=2 Q5=no')
    expect((await readCorpusReading(directory))[0]!.sentences.map(({ text }) => text)).toContain(
      '2 lines are left out: further header.',
    )
  })

  it('may have a row an answer: an informant’s rows are one document', async () => {
    const long = ['ann', 'bob'].flatMap((name, i) =>
      [
        ['drink', 'soda'],
        ['you', i ? 'yinz' : 'you all'],
        ['shoe', 'NA'],
      ].map(([question, answer]) => `${name},40.${i}1,-80.1,${question},${answer}`),
    )
    const path = await file('long.csv', `informant,lat,lon,question,answer\n${long.join('\n')}`)
    expect(await take(path)).toMatchObject({ documents: { train: 2 }, rejectedByReason: { 'no-text': 2 } })
    expect(await documents()).toMatchObject([
      { author: 'ann', text: 'drink=soda you=you_all' },
      { author: 'bob', text: 'drink=soda you=yinz' },
    ])
    await take(await file('other.csv', `who,lat,lon,q,a\n${long.join('\n')}`), {
      columns: { author: 'who', question: 'q', response: 'a' },
    })
    expect((await texts())[1]).toBe('drink=soda you=yinz')
  })

  const words =
    '\tfather\tmother\twater\tbread\thouse\nBern\tf1\tm1\tw1 / w2\tb1\th1\nThun\tf2\tm1\tw2\tb1\th1\nNowhere\tf1\tm2\tw1\tb2\th1\n'
  const kml =
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>Outline</name><Polygon><outerBoundaryIs><LinearRing><coordinates>7,46 8,46 8,47</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark><Placemark><name>Bern</name><Point><coordinates>7.4474,46.948,0</coordinates></Point></Placemark><Placemark><name><![CDATA[Thun]]></name><Point><coordinates> 7.63,46.76 </coordinates></Point></Placemark></Document></kml>'

  it('of places get their coordinates from a map of sites', async () => {
    const path = await file('words.tsv', words)
    const sites = await file('sites.kml', kml)
    const summary = await take(path, { sites })
    expect(summary.rejectedByReason).toEqual({ 'no-coordinates': 1 })
    expect(summary.warnings.join('\n')).toMatch(
      /Coordinates are those that sites.kml has for the names in "column 1"; it does not name Nowhere/,
    )
    expect(await documents()).toMatchObject([
      { lat: 46.948, lon: 7.4474, text: 'father=f1 mother=m1 water=w1 water=w2 bread=b1 house=h1' },
      { lat: 46.76, lon: 7.63 },
    ])
    await take(path, {
      sites: await file('sites.csv', 'name,latitude,longitude\nBern,46.948,7.4474\nthun,46.76,7.63\n'),
    })
    expect(await documents()).toHaveLength(2)
    await expect(take(path, { sites: await file('broken.kml', kml.slice(0, 200)) })).rejects.toMatchObject({
      code: 'import/bad-sites',
    })
    await expect(
      take(path, { sites: await file('others.csv', 'name,latitude,longitude\nParis,48.9,2.3\n') }),
    ).rejects.toMatchObject({ code: 'import/no-site-column' })
  })

  it('of a CLDF dataset are its languages', async () => {
    const term = (name: string) => `http://cldf.clld.org/v1.0/terms.rdf#${name}`
    const tables = [
      {
        url: 'forms.csv',
        'dc:conformsTo': term('FormTable'),
        tableSchema: {
          columns: [
            { name: 'ID', propertyUrl: term('id') },
            { name: 'Lang', propertyUrl: term('languageReference') },
            { name: 'Concept', propertyUrl: term('parameterReference') },
            { name: 'Form', propertyUrl: term('form') },
          ],
        },
      },
      {
        url: 'languages.csv',
        'dc:conformsTo': term('LanguageTable'),
        tableSchema: {
          columns: [
            { name: 'ID', propertyUrl: term('id') },
            { name: 'Latitude', propertyUrl: term('latitude') },
            { name: 'Longitude', propertyUrl: term('longitude') },
          ],
        },
      },
      { url: 'parameters.csv', 'dc:conformsTo': term('ParameterTable') },
    ]
    const path = await file(
      'cldf/cldf-metadata.json',
      JSON.stringify({ '@context': 'http://www.w3.org/ns/csvw', 'dc:conformsTo': term('Wordlist'), tables }),
    )
    await file(
      'cldf/forms.csv',
      'ID,Lang,Concept,Form\n1,l1,1_sun,van\n2,l1,2_sky,bən nə\n3,l2,1_sun,va\n4,l9,1_sun,x\n',
    )
    await file('cldf/languages.csv', 'ID,Latitude,Longitude,Family\nl1,25.7,107.9,Tai\nl2,25.8,107.8,Tai\n')
    await expect(take(path)).rejects.toThrow(/parameters.csv|does not exist/)
    await file('cldf/parameters.csv', 'ID,Name\n1_sun,sun\n2_sky,sky\n')
    expect(await take(path)).toMatchObject({
      format: 'cldf',
      documents: { train: 2 },
      authors: 2,
      furtherColumns: ['Language_Family'],
      rejectedByReason: { 'no-coordinates': 1 },
    })
    expect(await documents()).toMatchObject([
      { author: 'l1', lat: 25.7, text: 'sun=van sky=bən_nə' },
      { author: 'l2', text: 'sun=va' },
    ])

    // The same with fields between tabs, forms without a header, and a packed table.
    const written = { '@context': 'http://www.w3.org/ns/csvw', dialect: { delimiter: '\t' }, tables }
    const [forms, ...others] = tables
    const tabbed = await file(
      'tabs/metadata.json',
      JSON.stringify({ ...written, tables: [{ ...forms, dialect: { delimiter: '\t', header: false } }, ...others] }),
    )
    await file('tabs/forms.csv', '1\tl1\t1_sun\tvan, "v"\n2\tl1\t2_sky\tbən nə\n3\tl2\t1_sun\tva\n')
    await file('tabs/languages.csv', 'ID\tLatitude\tLongitude\nl1\t25.7\t107.9\nl2\t25.8\t107.8\n')
    const packed = zipSync({ 'parameters.csv': strToU8('ID\tName\n1_sun\tsun\n2_sky\tsky\n') })
    await writeFile(join(directory, 'tabs/parameters.csv.zip'), packed)
    expect(await take(tabbed)).toMatchObject({ documents: { train: 2 }, rejected: 0 })
    expect(await texts()).toEqual(['sun=van,_"v" sky=bən_nə', 'sun=va'])
  })

  const sui = resolve('../shared/dialectometry/2-sui/cldf/cldf-metadata.json')
  it.skipIf(!existsSync(sui))('takes a real CLDF dataset whole (skipped where it is absent)', async () => {
    expect(await take(sui)).toMatchObject({ documents: { train: 16 }, rejected: 0 })
  })

  const pennsylvania = resolve('../shared/dialectometry/1-pennsylvania')
  it.skipIf(!existsSync(pennsylvania))(
    'takes a real table of Gabmap with its map (skipped where it is absent)',
    async () => {
      const summary = await take(join(pennsylvania, 'Demo-Pennsylvania.txt'), {
        sites: join(pennsylvania, 'Demo-Pennsylvania.kml'),
      })
      expect(summary).toMatchObject({ documents: { train: 67 }, rejected: 0 })
    },
  )

  it('are not mixed with texts', async () => {
    const survey = await file('a.csv', `speaker,lat,lon,Q1,Q2,Q3,Q4,Q5\n${rows((i) => `${i % 2},1,2,1,2`)}`)
    await expect(take([survey, await file('b.csv', 'lat,lon,text\n47.1,8.1,eins zwei\n')])).rejects.toMatchObject({
      code: 'import/mixed-kinds',
    })
  })
})

describe('coordinates', () => {
  it('of a projection are converted where it is named', async () => {
    const path = await file('a.csv', "E;N;text\n2'683'141;1'247'868;grüezi mitenand\n")
    await expect(take(path)).rejects.toThrow(/metres of a projection: Swiss LV95 \(EPSG:2056\)/)
    await take(path, { crs: 'EPSG:2056' })
    expect(await documents()).toMatchObject([{ lat: 47.3764, lon: 8.5395 }])
    await expect(take(path, { crs: 'EPSG:99999' })).rejects.toMatchObject({ code: 'import/unknown-crs' })
  })

  it('of 0 to 360 degrees are taken and told, as are zeros', async () => {
    const { warnings } = await take(
      await file('a.csv', 'lat,lon,text\n-17.5,200.5,a b\n-18.5,178.5,c d\n-18,0,e f\n-19,0,g h\n'),
    )
    expect((await documents())[0]).toMatchObject({ lat: -17.5, lon: -159.5 })
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^1 row with a longitude from 180 to 360/),
        expect.stringMatching(/^2 rows with a longitude of exactly 0/),
      ]),
    )
  })
})

describe('rejected rows', () => {
  it('keep the base name of their file, and how they begin only where that is wanted', async () => {
    const path = await file('deep/a.csv', 'lat,lon,text\n47.1,8.1,eins zwei\n99,8.1,secret words\n')
    await take(path)
    expect(await rejected()).toMatchObject([{ file: 'a.csv', line: 3, raw: '99\t8.1\tsecret words' }])
    await take(path, { keepRaw: false })
    expect(await rejected()).toMatchObject([{ file: 'a.csv', raw: '' }])
  })
})

describe('the reading', () => {
  it('is kept with the corpus, and is what a preview says', async () => {
    const path = await file('a.csv', 'user;Breite;Länge;Text;Alter\nu1;47,1;8,1;eins zwei;31\nu2;x;8,2;drei vier;\n')
    await take(path)
    const [kept] = await readCorpusReading(directory)
    const { readings } = await previewImport([path], {})
    const expected: Partial<ImportReading> = {
      file: 'a.csv',
      fold: 'train',
      format: 'csv',
      delimiter: ';',
      header: true,
      columns: [
        { name: 'user', role: 'author', sample: 'u1' },
        { name: 'Breite', role: 'latitude', sample: '47,1' },
        { name: 'Länge', role: 'longitude', sample: '8,1' },
        { name: 'Text', role: 'text', sample: 'eins zwei' },
        { name: 'Alter', role: 'further', sample: '31' },
      ],
      rows: {
        taken: 1,
        filtered: 0,
        complete: true,
        rejected: [{ reason: 'no-coordinates', rows: 1, example: expect.stringMatching(/Latitude "x"/) as string }],
      },
    }
    expect(kept).toMatchObject(expected)
    expect(readings).toEqual([kept])
    expect(kept!.sentences.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'A table with semicolons between fields.',
        'Latitude is "Breite", longitude "Länge".',
        'The text is "Text".',
        '1 of 2 rows can be taken.',
      ]),
    )
  })

  it('lets files of one corpus have different formats and columns', async () => {
    const a = await file('a.csv', 'lat,lon,text\n47.1,8.1,eins zwei\n')
    const b = await file('b.jsonl', '{"tweet":"drei vier","latitude":47.2,"longitude":8.2}\n')
    const summary = await take([a, b])
    expect(summary).toMatchObject({ format: 'csv, jsonl', documents: { train: 2 } })
    expect(summary.warnings).toEqual([
      expect.stringMatching(/The text of b.jsonl is its column "tweet", that of a.csv is "text"/),
    ])
  })
})

describe('exports of other programs', () => {
  /** What a file becomes: the documents' places and texts. */
  async function taken(name: string, content: string, more: object = {}) {
    const summary = await take(await file(name, content), more)
    return { summary, rows: (await documents()).map(({ lat, lon, author, text }) => [lat, lon, author, text]) }
  }
  const two = [
    [47.3769, 8.5417, null, 'grüezi mitenand'],
    [46.948, 7.4474, null, 'sali zäme'],
  ]
  const point = (lon: number, lat: number) => ({ type: 'Point', coordinates: [lon, lat] })

  it.each([
    [
      'PostGIS’ geometries in hexadecimal',
      'a.csv',
      'id,geom,text\n1,0101000020E6100000857CD0B35915214063EE5A423EB04740,grüezi mitenand\n2,0101000000EEEBC03923CA1D40D34D621058794740,sali zäme\n',
    ],
    [
      'WKT of several points',
      'a.csv',
      'id;wkt;text\n1;MULTIPOINT ((8.5417 47.3769));grüezi mitenand\n2;MULTIPOINT (7.4474 46.948);sali zäme\n',
    ],
    [
      'WKT of areas',
      'a.csv',
      'id;wkt;text\n1;"POLYGON ((8.0417 47.3769,9.0417 47.2769,8.5 47.4769,8.0417 47.3769))";grüezi mitenand\n2;"MULTIPOLYGON (((7 46.9,7.8948 46.996,7.5 46.95,7 46.9)))";sali zäme\n',
    ],
    [
      'points as Python writes them',
      'a.csv',
      `id,location,text\n1,"{'type': 'Point', 'coordinates': [8.5417, 47.3769]}",grüezi mitenand\n2,"{'type': 'Point', 'coordinates': [7.4474, 46.948]}",sali zäme\n`,
    ],
    [
      'the geo of older tweets in a cell, latitude first',
      'a.csv',
      `id,geo,text\n1,"{'type': 'Point', 'coordinates': [47.3769, 8.5417]}",grüezi mitenand\n2,"{""type"": ""Point"", ""coordinates"": [46.948, 7.4474]}",sali zäme\n`,
    ],
    [
      'Google’s degrees times ten million',
      'a.json',
      JSON.stringify({
        locations: [
          { latitudeE7: 473769000, longitudeE7: 85417000, text: 'grüezi mitenand' },
          { latitudeE7: 469480000, longitudeE7: 74474000, text: 'sali zäme' },
        ],
      }),
    ],
    [
      'Esri’s features',
      'a.json',
      JSON.stringify({
        features: [
          { attributes: { text: 'grüezi mitenand' }, geometry: { x: 8.5417, y: 47.3769 } },
          { attributes: { text: 'sali zäme' }, geometry: { x: 7.4474, y: 46.948 } },
        ],
      }),
    ],
    [
      'GeoJSON of several points that are one',
      'a.geojson',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            geometry: { type: 'MultiPoint', coordinates: [[8.5417, 47.3769]] },
            properties: { text: 'grüezi mitenand' },
          },
          { type: 'Feature', geometry: point(7.4474, 46.948), properties: { text: 'sali zäme' } },
        ],
      }),
    ],
    [
      'GeoJSON of areas',
      'a.geojson',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            geometry: {
              type: 'Polygon',
              coordinates: [
                [
                  [8.0417, 47.2769],
                  [9.0417, 47.4769],
                  [8.5, 47.3],
                  [8.0417, 47.2769],
                ],
              ],
            },
            properties: { text: 'grüezi mitenand' },
          },
          {
            type: 'Feature',
            geometry: {
              type: 'Polygon',
              coordinates: [
                [
                  [7, 46.9],
                  [7.8948, 46.996],
                  [7.5, 46.95],
                  [7, 46.9],
                ],
              ],
            },
            properties: { text: 'sali zäme' },
          },
        ],
      }),
    ],
    [
      'coordinates in other digits, and marks of direction',
      'a.csv',
      'lat,lon,text\n４７．３７６９,٨٫٥٤١٧,grüezi mitenand\n\u200e46.948\u200f,\u200e7.4474,sali zäme\n',
    ],
    [
      'decimal commas in two values of an object',
      'a.jsonl',
      ['47,3769|8,5417|grüezi mitenand', '46,948|7,4474|sali zäme']
        .map((line) => line.split('|'))
        .map(([latitude, longitude, message]) => JSON.stringify({ position: { latitude, longitude }, message }))
        .join('\n'),
    ],
    ['row names of R', 'a.csv', 'lat,lon,text\nr1,47.3769,8.5417,grüezi mitenand\nr2,46.948,7.4474,sali zäme\n'],
  ])('%s', async (_, name, content) => {
    expect((await taken(name, content)).rows).toEqual(two)
  })

  it('MongoDB’s typed values', async () => {
    const line = (user: string, lon: string, lat: number, text: string) =>
      JSON.stringify({
        _id: { $oid: '5f0000000000000000000001' },
        user_id: { $numberLong: user },
        text,
        loc: { type: 'Point', coordinates: [{ $numberDouble: lon }, lat] },
      })
    const content = `${line('1153210987654321098', '8.5417', 47.3769, 'grüezi mitenand')}\n${line('7', '7.4474', 46.948, 'sali $5')}\n`
    expect((await taken('a.json', content)).rows).toEqual([
      [47.3769, 8.5417, '1153210987654321098', 'grüezi mitenand'],
      [46.948, 7.4474, '7', 'sali $5'],
    ])
  })

  it('tweets whose text is cut off beside the full one', async () => {
    const tweet = (full: object, lon: number) =>
      JSON.stringify({ text: 'grüezi m…', ...full, coordinates: point(lon, 47.25) })
    const long = 'grüezi mitenand, da bin i wider'
    expect(
      (await taken('a.jsonl', `${tweet({ full_text: long }, 8.5)}\n${tweet({ full_text: long }, 8.75)}\n`)).rows,
    ).toEqual([
      [47.25, 8.5, null, long],
      [47.25, 8.75, null, long],
    ])
    const extended = `${tweet({ extended_tweet: { full_text: long } }, 8.5)}\n${tweet({}, 8.75)}\n`
    const { summary, rows } = await taken('b.jsonl', extended)
    expect(rows.map(([, , , text]) => text)).toEqual(['grüezi m…', 'grüezi m…'])
    expect(summary.warnings).toContainEqual(
      expect.stringMatching(/"extended_tweet.full_text" could be the text as well/),
    )
  })

  it('tables in scripts without spaces', async () => {
    const content = '编号,纬度,经度,文本\n1,31.23,121.47,你好世界我们去上海吧\n2,39.9,116.4,今天天气很好\n'
    expect((await taken('a.csv', content)).rows).toEqual([
      [31.23, 121.47, null, '你好世界我们去上海吧'],
      [39.9, 116.4, null, '今天天气很好'],
    ])
  })

  it('nested values of Parquet, and GeoParquet’s points', async () => {
    const path = join(directory, 'a.parquet')
    const db = await openDuckDb({ allowedDirectories: [directory] })
    await db.run(
      `COPY (SELECT * FROM (VALUES
        ({'id_str': '7', 'name': 'x'}, {'type': 'Point', 'coordinates': [8.5417, 47.3769]}, 'grüezi mitenand', ['a', 'b']),
        ({'id_str': '8', 'name': 'y'}, {'type': 'Point', 'coordinates': [7.4474, 46.948]}, 'sali zäme', NULL)
      ) AS t("user", coordinates, text, tags)) TO '${path}' (FORMAT parquet)`,
    )
    const summary = await take(path)
    expect(await documents()).toMatchObject([
      { lat: 47.3769, lon: 8.5417, author: '7', text: 'grüezi mitenand' },
      { lat: 46.948, lon: 7.4474, author: '8', text: 'sali zäme' },
    ])
    expect(summary.furtherColumns).toContain('tags')
    const [zurich, bern] = ['0101000000857CD0B35915214063EE5A423EB04740', '0101000000EEEBC03923CA1D40D34D621058794740']
    await db.run(
      `COPY (SELECT * FROM (VALUES (unhex('${zurich}'), 'grüezi mitenand'), (unhex('${bern}'), 'sali zäme')) AS t(geometry, text))
        TO '${path}' (FORMAT parquet)`,
    )
    db.close()
    await take(path)
    expect((await documents()).map(({ lat, lon, text }) => [lat, lon, null, text])).toEqual(two)
  })

  it('ids of many digits, whatever stands in the texts', async () => {
    const line = (id: string, text: string) =>
      `{"id":${id},"user_id":-${id},"text":${JSON.stringify(text)},"lat":47.25,"lon":8.5}`
    const texts = ['a [1234567890123456], b', 'c: "1234567890123456", [12345678901234567]', 'plain words']
    const content = texts.map((text, i) => line(`115321098765432109${i}`, text)).join('\n')
    expect((await taken('a.jsonl', content)).rows).toEqual(
      texts.map((text, i) => [47.25, 8.5, `-115321098765432109${i}`, text]),
    )
  })

  it('a delimiter in a text without quotes is told, and shifts no column', async () => {
    const content =
      'lat|lon|text\n47.3769|8.5417|a | b c\n46.948|7.4474|sali zäme\n47.1|8.1|d | e f\n47.2|8.2|g | h i\n'
    const { summary, rows } = await taken('a.txt', content)
    expect(rows).toEqual([[46.948, 7.4474, null, 'sali zäme']])
    expect(summary).toMatchObject({ rejectedByReason: { 'wrong-column-count': 3 } })
    expect(summary.warnings).toContainEqual(expect.stringMatching(/a field holds the delimiter/))
  })

  it('decimal commas between commas are told', async () => {
    const path = await file('a.csv', 'id,lat,lon,text\n1,47,3769,8,5417,hoi du\n2,46,948,7,4474,sali zäme\n')
    expect((await previewImport([path], {})).warnings).toContainEqual(expect.stringMatching(/decimal commas/))
  })

  it.each([
    [
      'a table on its side',
      'site,A,B,C\nlat,47.1,47.2,47.3\nlon,8.1,8.2,8.3\nword,soda,pop,coke\n',
      /lies on its side/,
    ],
    [
      'a table whose lines stand in quotes',
      '"lat;lon;text"\n"47.3769;8.5417;hoi du"\n"46.948;7.4474;sali zäme"\n',
      /every line seems to stand in quotes/,
    ],
    [
      'codes of the military grid',
      'place,where,text\na,32TMT6500047000,hoi du\nb,32T MT 65001 47001,sali zäme\n',
      /military grid/,
    ],
  ])('%s is named', async (_, content, words) => {
    const path = await file('a.csv', content)
    expect((await previewImport([path], {})).warnings).toContainEqual(expect.stringMatching(words))
    await expect(take(path)).rejects.toMatchObject({
      code: 'import/column-missing',
      message: expect.stringMatching(words) as string,
    })
  })

  it('tweets of API 2 without their places are named', async () => {
    const path = await file('a.json', JSON.stringify({ data: [{ id: '1', text: 'hoi du', geo: { place_id: 'p' } }] }))
    expect((await previewImport([path], {})).warnings).toContainEqual(expect.stringMatching(/twarc2 flatten/))
  })
})

describe('questionnaires of other programs', () => {
  it('SurveyMonkey’s two header rows name the choices', async () => {
    const table = [
      'Respondent ID,Collector ID,Date Created,IP Address,Latitude,Longitude,What is it?,,,Sneakers?,Roly?,Firefly?',
      ',,,,Open-Ended Response,Open-Ended Response,soda,pop,Other (please specify),Response,Response,Response',
      ...Array.from(
        { length: 6 },
        (_, i) =>
          `11400${i},4,01/0${i + 1}/2024 10:00:00 AM,10.0.0.${i},47.${i}1,8.${i}1,${i % 2 ? 'soda' : ''},${i % 2 ? '' : 'pop'},,${i % 3},a${i % 2},b`,
      ),
    ].join('\n')
    expect(await take(await file('a.csv', table))).toMatchObject({ documents: { train: 6 }, rejected: 0 })
    expect((await documents()).slice(0, 2)).toMatchObject([
      { author: '114000', text: 'What_is_it?_[pop]=pop Roly?=a0 Firefly?=b', lat: 47.01 },
      { author: '114001', text: 'What_is_it?_[soda]=soda Sneakers?=1 Roly?=a1 Firefly?=b' },
    ])
  })

  it('a box for remarks that has a number is no answer, nor are a spreadsheet’s errors', async () => {
    const table = `id,lat,lon,G01Q01. Haus,G01Q02. Maus,G01Q03. Brot,G01Q04. Kind,G01Q05. Hund,G02Q06. Bemerkungen\n${Array.from(
      { length: 6 },
      (_, i) => `${i},47.${i}1,8.${i}1,hus,${i % 2 ? '#NULL!' : 'mus'},#NAME?,chind,${i % 2 ? 'hund' : '#VALUE!'},nett`,
    ).join('\n')}`
    const summary = await take(await file('a.csv', table))
    expect((await texts()).slice(0, 2)).toEqual([
      'G01Q01._Haus=hus G01Q02._Maus=mus G01Q04._Kind=chind',
      'G01Q01._Haus=hus G01Q04._Kind=chind G01Q05._Hund=hund',
    ])
    expect(summary.furtherColumns).toContain('G02Q06. Bemerkungen')
    expect(summary.warnings).toContainEqual(expect.stringMatching(/#NAME\? \(6\)/))
  })
})
