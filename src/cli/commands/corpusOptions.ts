import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { corpusFormat, type CorpusFormat, type CorpusSettings } from '#protocol/experiment.ts'

/** Options of `import` and `preview` that say what a file is, where it is not to be guessed. */
export interface CorpusOptions {
  format?: CorpusFormat
  encoding?: string
  delimiter?: string
  quote?: string
  header?: boolean
  sheet?: string
  text?: string
  lat?: string
  lon?: string
  point?: string
  pointOrder?: 'lat-lon' | 'lon-lat'
  author?: string
  fold?: string
  answers?: string[]
  numeric?: string[]
  question?: string
  response?: string
  missing?: string[]
  separator?: string
  crs?: string
  codes?: string
  sites?: string
  keepPersonal?: boolean
}

const yesOrNo = (value: string): boolean => {
  if (/^(yes|true)$/i.test(value)) return true
  if (/^(no|none|false)$/i.test(value)) return false
  throw new InvalidArgumentError('Expected yes or no.')
}

export function addCorpusOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'guessed where left out').choices(corpusFormat.options))
    .option('--encoding <name>', 'such as windows-1251; guessed where left out')
    .option('--delimiter <sign>', 'what parts fields: a character, or tab, comma, semicolon, pipe, space')
    .option('--quote <sign>', 'what fields may stand in; none: quotes are letters')
    .addOption(new Option('--header <yes|no>', 'whether the first row names the columns').argParser(yesOrNo))
    .option('--sheet <name>', 'sheet of a workbook')
    .option('--text <column>', 'column of the text')
    .option('--lat <column>', 'column of the latitude')
    .option('--lon <column>', 'column of the longitude')
    .option('--point <column>', 'one column of both coordinates')
    .addOption(
      new Option('--point-order <order>', 'which of them is first, where the values do not say it').choices([
        'lat-lon',
        'lon-lat',
      ]),
    )
    .option('--crs <code>', 'coordinates that are no degrees: their reference system, such as EPSG:2056')
    .option('--author <column>', 'column of the author')
    .option('--fold <column>', 'column that says train, dev or test')
    .option('--answers <patterns...>', 'survey, a row an informant: columns of answers, such as "Q*"')
    .option('--numeric <patterns...>', 'survey: columns of answers that are numbers, where 0 is an answer')
    .option('--question <column>', 'survey, a row an answer: column of the question')
    .option('--response <column>', 'survey, a row an answer: column of the answer')
    .option('--missing <values...>', 'survey: values that stand for "no answer"; guessed where left out')
    .option('--separator <sign>', 'survey: what parts several answers in one cell; none: cells are whole')
    .option('--codes <file>', 'survey: table of column, value and text that gives codes their words')
    .option('--sites <file>', 'where the places of a table lie: KML, KMZ or a table of name, latitude, longitude')
    .option('--keep-personal', 'keep columns of names and addresses of people')
}

/** A path as a person names it; the shell leaves `~` alone inside of quotes. */
export const pathOf = (file: string): string =>
  /^~(?=[\\/]|$)/.test(file) ? join(homedir(), file.slice(1)) : resolve(file)

/** The settings of a corpus that options say. */
export function corpusOptions(options: CorpusOptions): Partial<CorpusSettings> {
  const { text, lat, lon, point, pointOrder, author, fold, answers, numeric, question, response } = options
  const one = <Value>(list: Value[] | undefined) => (list?.length === 1 ? list[0] : list)
  const columns = {
    text,
    lat,
    lon,
    point,
    pointOrder,
    author,
    fold,
    answers: one(answers),
    numeric: one(numeric),
    question,
    response,
  }
  const settings = {
    format: options.format,
    encoding: options.encoding,
    delimiter: options.delimiter,
    quote: options.quote,
    header: options.header,
    sheet: options.sheet,
    missing: options.missing,
    answerSeparator: options.separator,
    crs: options.crs,
    codes: options.codes === undefined ? undefined : pathOf(options.codes),
    sites: options.sites === undefined ? undefined : pathOf(options.sites),
    keepPersonal: options.keepPersonal,
    columns: Object.values(columns).some((value) => value !== undefined) ? withoutUndefined(columns) : undefined,
  }
  return withoutUndefined(settings)
}

const withoutUndefined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as Partial<Value>
