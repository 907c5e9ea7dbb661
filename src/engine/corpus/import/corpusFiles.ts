import { basename } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { ColumnNames, CorpusSettings } from '#protocol/experiment.ts'
import { openCorpusSource, type ReadingSettings } from './openCorpusSource.ts'
import type { OpenedSource } from './form/reading.ts'
import { placeConventions } from './places/conventions.ts'
import { columnsOfPlace, PlaceReader } from './places/placeReader.ts'
import { chooseRoles, type Roles } from './roles/chooseRoles.ts'
import type { RowFields } from './form/rowFields.ts'
import { AnswerTokens } from './survey/answerTokens.ts'
import { readCodebook } from './survey/codebook.ts'
import { readSites } from './survey/sites.ts'
import { wildcardMatcher } from '#engine/files/wildcard.ts'

export type ReaderSettings = ReadingSettings &
  Pick<CorpusSettings, 'columns' | 'missing' | 'answerSeparator' | 'crs' | 'codes' | 'sites' | 'keepPersonal'> & {
    split?: CorpusSettings['split']
  }

/** A file of a corpus, opened: its rows, what its columns are, and what reads a row's place and answers. */
export interface FileReader {
  source: OpenedSource
  roles: Roles
  /** Null where no coordinates were found. */
  place: PlaceReader | null
  /** The tokens of a row's answers; null where the corpus has texts. */
  answersOf: ((fields: RowFields) => string) | null
  /** Columns that are kept beside ours, of this file. */
  extras: string[]
  /** What is to be told, once the rows are read. */
  notes(): string[]
}

/** Opens the files of one corpus: what the first one is found to be decides for the others where they have the same columns. */
export interface CorpusFiles {
  open(path: string, readBytes?: (bytes: number) => void): Promise<FileReader>
  /** Of the first file. */
  readonly isSurvey: boolean
  readonly columns: ColumnNames
  readonly extras: string[]
  /** What is to be told of the corpus's answers. */
  notes(): string[]
}

/** @throws EngineError 'import/...' for a codebook or a file of sites that cannot be read */
export async function corpusFiles(settings: ReaderSettings): Promise<CorpusFiles> {
  const codebook = settings.codes === undefined ? null : await readCodebook(settings.codes)
  const sites = settings.sites === undefined ? null : { path: settings.sites, sites: await readSites(settings.sites) }
  const numeric = [settings.columns?.numeric ?? []].flat().map(wildcardMatcher)
  const tokens = new AnswerTokens(
    (question) => ({
      missing: settings.missing,
      separator: settings.answerSeparator,
      isNumeric: numeric.some((matches) => matches(question)),
    }),
    codebook,
  )
  const foldColumn =
    settings.split !== undefined && settings.split !== 'none' && 'column' in settings.split
      ? settings.split.column
      : undefined
  let first: { file: string; isSurvey: boolean; columns: ColumnNames; extras: string[] } | null = null

  return {
    get isSurvey() {
      return first?.isSurvey ?? false
    },
    get columns() {
      return first?.columns ?? {}
    },
    get extras() {
      return first?.extras ?? []
    },
    notes: () => tokens.notes(),

    async open(path, readBytes) {
      const { source, columns: said, notes: opening } = await openCorpusSource(path, settings, sites, readBytes)
      const { columns, sample } = source
      const wanted = { ...(first && hasAll(columns, first.columns) ? first.columns : {}), ...said, ...settings.columns }
      // A column of folds is one of the training files; those of development and test need none.
      const fold = wanted.fold ?? foldColumn
      const roles = chooseRoles(columns, sample, {
        columns: { ...wanted, fold: first && fold !== undefined && !columns.includes(fold) ? undefined : fold },
        crs: settings.crs,
      })
      const crs = settings.crs ?? (isScaled(roles.names) ? 'E7' : undefined)
      const isSurvey = roles.answers.length > 0 || roles.long !== null
      const extras = furtherColumns(columns, roles, settings.keepPersonal ?? false)
      const firstNames = first?.columns
      first ??= { file: basename(path), isSurvey, columns: roles.names, extras }
      if (first.isSurvey !== isSurvey) {
        const what = (survey: boolean) => (survey ? 'answers of a survey' : 'texts')
        throw new EngineError(
          'import/mixed-kinds',
          `${first.file} holds ${what(first.isSurvey)}, ${basename(path)} ${what(isSurvey)}. A corpus holds one kind: name the columns (corpus.columns), or import them by themselves.`,
        )
      }
      const written = roles.place && placeConventions(roles.place, sample, crs, roles.namedDegrees)
      const place = roles.place && written && new PlaceReader(roles.place, written.conventions)
      const other =
        firstNames && roles.names.text !== firstNames.text
          ? [
              `The text of ${basename(path)} is its column "${roles.names.text}", that of ${first.file} is "${firstNames.text}".`,
            ]
          : []
      return {
        source,
        roles,
        place,
        answersOf: isSurvey ? answersOf(columns, sample, roles) : null,
        extras,
        notes: () => [
          ...source.reading.notes,
          ...opening,
          ...roles.notes,
          ...(written?.notes ?? []),
          ...(crs === settings.crs
            ? []
            : ['Coordinates are degrees times ten million (E7), as their columns are called.']),
          ...other,
          ...personalNote(columns, roles),
          ...(place ? placeNotes(place) : []),
        ],
      }
    },
  }

  function personalNote(columns: string[], { personal }: Roles): string[] {
    if (personal.length === 0 || settings.keepPersonal !== undefined) return []
    return [
      `${personal.map((index) => `"${columns[index]}"`).join(', ')}: names and addresses of people are left out. corpus.keepPersonal: true (--keep-personal) keeps them.`,
    ]
  }

  function answersOf(columns: string[], sample: string[][], { answers, long }: Roles): (fields: RowFields) => string {
    if (long) {
      const samples = new Map<string, string[]>()
      for (const row of sample) {
        const question = (row[long.question] ?? '').trim()
        samples.set(question, [...(samples.get(question) ?? []), row[long.response] ?? ''])
      }
      for (const [question, values] of samples) tokens.learn(question, values)
      return (fields) => tokens.of(fields.text(long.question).trim(), fields.text(long.response)).slice(1)
    }
    for (const index of answers)
      tokens.learn(
        columns[index]!.trim(),
        sample.map((row) => row[index] ?? ''),
      )
    const questions = answers.map((index) => ({ index, name: columns[index]!.trim() }))
    return (fields) => {
      let text = ''
      for (const { index, name } of questions) text += tokens.of(name, fields.text(index))
      return text.slice(1)
    }
  }
}

/** Google's exports of places name what they do: latitudeE7. */
const isScaled = ({ lat, lon }: ColumnNames) => [lat, lon].every((name) => name !== undefined && /e7$/i.test(name))

const hasAll = (columns: string[], { answers, numeric, pointOrder, ...named }: ColumnNames) =>
  Object.values(named).every((name) => name === undefined || columns.includes(name)) &&
  (answers === undefined || [answers].flat().every((pattern) => columns.some(wildcardMatcher(pattern))))

const ours = new Set(['row', 'fold', 'sourcerow', 'author', 'authornumber', 'lat', 'lon', 'text', 'sequence'])

function furtherColumns(
  columns: string[],
  { text, place, author, fold, answers, long, personal }: Roles,
  keepPersonal: boolean,
): string[] {
  const placed = place === null ? [] : columnsOfPlace(place)
  const used = new Set([
    text,
    author,
    fold,
    ...placed,
    ...answers,
    ...(long ? [long.question, long.response] : []),
    ...(keepPersonal ? [] : personal),
  ])
  return columns.filter(
    (name, index) =>
      !used.has(index) && name !== '' && !ours.has(name.toLowerCase()) && columns.indexOf(name) === index,
  )
}

function placeNotes({ counts: { wrapped, boxes, zeroLat, zeroLon } }: PlaceReader): string[] {
  const rows = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`
  return [
    ...(wrapped > 0 ? [`${rows(wrapped)} with a longitude from 180 to 360: 200 is taken for 160 west.`] : []),
    ...(boxes > 0 ? [`${rows(boxes)} with a box for a place: its middle is taken.`] : []),
    ...(zeroLat > 1 ? [`${rows(zeroLat)} with a latitude of exactly 0: an empty cell may have become 0.`] : []),
    ...(zeroLon > 1 ? [`${rows(zeroLon)} with a longitude of exactly 0: an empty cell may have become 0.`] : []),
  ]
}
