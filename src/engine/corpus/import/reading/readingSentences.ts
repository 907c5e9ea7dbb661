import type { ColumnRole, ImportReading, ReadingSentence } from '#protocol/corpus.ts'

const formats: Record<string, string> = {
  'user-info': 'Lines of author, latitude, longitude and text',
  'lat-lon-text': 'Lines of latitude, longitude and text',
  csv: 'A table',
  tsv: 'A table',
  jsonl: 'JSON Lines',
  json: 'JSON objects',
  geojson: 'GeoJSON',
  parquet: 'Parquet',
  xlsx: 'An Excel workbook',
  ods: 'An OpenDocument sheet',
  cldf: 'A CLDF dataset',
}
const containers: Record<string, string> = { gzip: ' in gzip', zstd: ' in zstd', zip: ' in a zip archive' }
const delimiters: Record<string, string> = {
  '\t': 'tabs',
  ',': 'commas',
  ';': 'semicolons',
  '|': 'bars',
  ' ': 'spaces',
}

/** What a file was taken for, in sentences that a person can agree with or correct. */
export function readingSentences(reading: Omit<ImportReading, 'sentences'>): ReadingSentence[] {
  const { container, encoding, format, delimiter, quote, escape, header, rowsSkipped, sheet, columns, chosen, rows } =
    reading
  const of = (role: ColumnRole) => columns.filter((column) => column.role === role).map(({ name }) => name)
  const sentences: ReadingSentence[] = []
  const say = (about: ReadingSentence['about'], text: string | false | null | undefined) =>
    text && sentences.push({ about, text })

  const between = delimiter === null ? '' : ` with ${delimiters[delimiter] ?? `"${delimiter}"`} between fields`
  say(
    'format',
    `${formats[format] ?? format}${containers[container] ?? ''}${sheet === undefined ? '' : `, sheet "${sheet}"`}${between}.`,
  )
  if (!['parquet', 'xlsx', 'ods'].includes(format)) say('encoding', `Encoding ${encoding}.`)
  if (delimiter !== null)
    say(
      'quote',
      quote === null
        ? 'Quotes are letters.'
        : `Fields may stand in ${quote}, with ${escape === 'backslash' ? `\\${quote}` : quote + quote} inside.`,
    )
  if (header !== null)
    say('header', header ? 'The first row names the columns.' : 'There is no header: columns have numbers.')
  for (const { reason, count } of rowsSkipped)
    say('header', `${count} ${count === 1 ? 'line is' : 'lines are'} left out: ${reason}.`)

  const [lat, lon, point] = [of('latitude')[0], of('longitude')[0], of('point')[0]]
  if (point !== undefined) say('place', `The coordinates are in "${point}".`)
  else
    say(
      'place',
      lat === undefined || lon === undefined
        ? 'No coordinates were found.'
        : `Latitude is "${lat}", longitude "${lon}".`,
    )
  const answers = of('answer')
  if (of('text').length > 0) say('text', `The text is "${of('text')[0]}".`)
  else if (answers.length > 0)
    say(
      'answers',
      `${namesOf(answers, chosen.answers)} ${answers.length === 1 ? 'is an answer' : `are answers to ${answers.length} questions`}.`,
    )
  else if (of('response').length > 0)
    say(
      'answers',
      `Each row is an answer: "${of('question')[0]}" is the question, "${of('response')[0]}" what was answered.`,
    )
  else say('text', 'No text was found.')
  say(
    'author',
    of('author').length > 0
      ? `The author is "${of('author')[0]}": rows of one author are one document.`
      : 'There is no author: each row is a document.',
  )
  say('fold', of('fold').length > 0 && `"${of('fold')[0]}" says the fold.`)
  say('further', of('further').length > 0 && `Kept to filter and slice by: ${namesOf(of('further'), undefined)}.`)
  say('personal', of('personal').length > 0 && `Left out as personal: ${of('personal').join(', ')}.`)
  const rejected = rows.rejected.reduce((sum, { rows: count }) => sum + count, 0)
  const seen = rows.taken + rows.filtered + rejected
  say(
    'rows',
    `${rows.complete ? '' : 'Of the first rows: '}${rows.taken.toLocaleString('en')} of ${seen.toLocaleString('en')} rows can be taken${rows.filtered > 0 ? `, ${rows.filtered.toLocaleString('en')} are filtered out` : ''}.`,
  )
  for (const { reason, rows: count, example } of rows.rejected)
    say('rows', `${count.toLocaleString('en')} ${reason}: ${example}`)
  return sentences
}

const mostNames = 6

/** "Q1 to Q12" for a run of columns, else their names. */
function namesOf(names: string[], pattern: string | string[] | undefined): string {
  if (names.length <= mostNames) return names.join(', ')
  return typeof pattern === 'string' || pattern === undefined || pattern.some((part) => part.includes('*'))
    ? `${names[0]} to ${names.at(-1)}`
    : `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
}
