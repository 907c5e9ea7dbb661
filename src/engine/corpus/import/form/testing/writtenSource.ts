import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { seededRandom, type Random } from '#engine/random.ts'
import { openRowSource } from '../openRowSource.ts'

/** Sentences of languages with the legacy encodings that they were written in. */
const sentences: [string[], string[]][] = [
  [
    ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866'],
    ['привет из центра города', 'сегодня хорошая погода', 'как у вас дела', 'мы живем в большом доме'],
  ],
  [
    ['windows-1250', 'iso-8859-2', 'ibm852'],
    ['příliš žluťoučký kůň', 'dobrý den, jak se máte', 'děkuji pěkně, všechno je dobré', 'včera večer pršelo'],
  ],
  [
    ['windows-1250', 'iso-8859-2', 'ibm852'],
    ['zażółć gęślą jaźń', 'dzień dobry, co słychać', 'proszę bardzo, pięknie', 'mówię tylko trochę'],
  ],
  [
    ['windows-1252', 'ibm850', 'ibm437'],
    ['grüezi mitenand', 'schöne Grüße aus Köln', 'ça va très bien, merci', 'où êtes-vous né'],
  ],
  [
    ['windows-1253', 'iso-8859-7', 'ibm737'],
    ['καλημέρα σας', 'τι κάνετε σήμερα', 'ευχαριστώ πολύ', 'είναι ωραίος ο καιρός'],
  ],
  [
    ['windows-1254', 'ibm857'],
    ['günaydın arkadaşlar', 'nasılsınız, iyi misiniz', 'teşekkür ederim', 'bugün hava çok güzel'],
  ],
  [
    ['shift_jis', 'euc-jp'],
    ['おはようございます', '今日はいい天気ですね', 'ありがとうございます', 'どこに行きますか'],
  ],
  [['euc-kr'], ['안녕하세요 여러분', '오늘은 날씨가 좋습니다', '감사합니다', '어디에 가세요']],
  [['gb18030'], ['你们好，今天天气很好', '我是中国人，我家在这里', '你要去什么地方', '这个东西很好']],
]
const letters = [..."abc äöß пр 你 😀 #@'."]

type Form = 'csv' | 'tsv' | 'jsonl' | 'json' | 'pretty'

/** A table with latitude, longitude, text and age, and how it is written: all of it drawn. */
function draw(random: Random) {
  const one = <Value>(values: readonly Value[]): Value => values[random.below(values.length)]!
  const [legacy, texts] = one(sentences)
  const encoding =
    random.next() < 0.4
      ? one(legacy)
      : one(['utf-8', 'utf-8-mark', 'utf-16le-mark', 'utf-16be-mark', 'utf-16le', 'utf-16be'])
  const form: Form = one(['csv', 'csv', 'csv', 'tsv', 'tsv', 'jsonl', 'json', 'pretty'])
  const delimiter = form === 'tsv' ? '\t' : one([',', ';', '|', '\t'])
  const quoting = form === 'tsv' ? one(['none', 'needed', 'all']) : one(['needed', 'all', 'backslash'])
  const decimalComma = form !== 'jsonl' && delimiter !== ',' && random.next() < 0.5
  const special = [delimiter, '"', '""', '\n', ';', ',']
  const word = () =>
    encoding.startsWith('utf') ? Array.from({ length: 1 + random.below(8) }, () => one(letters)).join('') : one(texts)
  const text = () => {
    const words = Array.from({ length: 1 + random.below(3) }, word).join(' ')
    return quoting === 'none' || random.next() < 0.6 ? `x${words}` : `x${words}${one(special)}${words}y`
  }
  const number = (below: number) => (random.below(below * 100) / 100 + 0.25).toFixed(2)
  const rows = Array.from({ length: 3 + random.below(40) }, () => [
    number(80),
    number(170),
    text(),
    random.next() < 0.3 ? '' : String(10 + random.below(80)),
  ])
  return {
    encoding,
    form,
    delimiter,
    quoting,
    decimalComma,
    rows,
    header: random.next() < 0.8,
    lineEnd: one(['\n', '\n', '\r\n', '\r', '\r\r\n']),
    gzip: random.next() < 0.2,
  }
}

type Drawn = ReturnType<typeof draw>
const names = ['lat', 'lon', 'text', 'age']

function written({ form, delimiter, quoting, rows, header, lineEnd }: Drawn): string {
  if (form !== 'csv' && form !== 'tsv') {
    const objects = rows.map((row) =>
      Object.fromEntries(names.map((name, i) => [name, i < 2 ? Number(row[i]) : row[i]!])),
    )
    if (form === 'jsonl') return objects.map((object) => `${JSON.stringify(object)}${lineEnd}`).join('')
    return JSON.stringify(objects, null, form === 'pretty' ? 2 : 0).replaceAll('\n', lineEnd)
  }
  const cell = (text: string) => {
    const isNeeded = text.includes(delimiter) || text.includes('"') || text.includes('\n')
    if (quoting === 'none' || (quoting !== 'all' && !isNeeded)) return text
    return `"${quoting === 'backslash' ? text.replace(/["\\]/g, '\\$&') : text.replaceAll('"', '""')}"`
  }
  return [...(header ? [names] : []), ...rows].map((row) => `${row.map(cell).join(delimiter)}${lineEnd}`).join('')
}

function encoded(text: string, { encoding, gzip }: Drawn): Buffer {
  const [name, mark] = encoding.endsWith('-mark') ? [encoding.slice(0, -5), '\ufeff'] : [encoding, '']
  const bytes =
    name === 'utf-8'
      ? Buffer.from(mark + text)
      : name === 'utf-16le'
        ? Buffer.from(mark + text, 'utf16le')
        : name === 'utf-16be'
          ? Buffer.from(mark + text, 'utf16le').swap16()
          : iconv.encode(text, name)
  return gzip ? gzipSync(bytes) : bytes
}

/** Writes a file drawn by `seed` and number, and reads it. What was written should be what is read. */
export async function writtenAndRead(directory: string, seed: number, number: number) {
  const drawn = draw(seededRandom(seed, number))
  const isTable = drawn.form === 'csv' || drawn.form === 'tsv'
  if (drawn.decimalComma && isTable)
    for (const row of drawn.rows) for (const i of [0, 1]) row[i] = row[i]!.replace('.', ',')
  const path = join(directory, `a.${isTable ? drawn.form : 'json'}`)
  await writeFile(path, encoded(written(drawn), drawn))
  const source = await openRowSource(path)
  const rows: string[][] = []
  const rejected: string[] = []
  const taker = {
    row: (_: number, fields: { text(i: number): string }) => rows.push(source.columns.map((_, i) => fields.text(i))),
    reject: (line: number, reason: string) => rejected.push(`${line} ${reason}`),
  }
  for await (const _ of source.read(taker)) continue
  const wanted = isTable
    ? drawn.rows
    : drawn.rows.map((row) => row.map((cell, i) => (i < 2 ? String(Number(cell)) : cell)))
  return {
    written: {
      columns: isTable && !drawn.header ? ['1', '2', '3', '4'] : names,
      rows: wanted,
      rejected: [] as string[],
    },
    read: { columns: source.columns, rows, rejected },
    how: JSON.stringify({ ...drawn, rows: undefined, reading: source.reading }),
  }
}
