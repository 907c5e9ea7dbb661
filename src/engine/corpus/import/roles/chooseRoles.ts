import { EngineError } from '#protocol/errors.ts'
import type { ColumnNames } from '#protocol/experiment.ts'
import { columnsOfPlace, type PlaceColumns } from '../places/placeReader.ts'
import { isDegrees } from '../places/projection.ts'
import { guessedAnswers, namedAnswers, type Answers } from './answerColumns.ts'
import { ColumnContent } from './columnContent.ts'
import { nameScore } from './columnNames.ts'
import { bestNamed, guessAuthor, guessFold, guessLong, guessText, type Guess } from './guesses.ts'
import { guessPlace, namedPoint, pointOrderOf } from './placeColumns.ts'
import { listedPoints } from './listedPoints.ts'
import { placeHints } from './placeHints.ts'
import { isPersonal, isRemarks } from './questionnaireColumns.ts'

/** What the columns of a source are, by their numbers. */
export interface Roles {
  text: number | null
  place: PlaceColumns | null
  /** The columns of the coordinates are called latitude and longitude, and no x and y. */
  namedDegrees: boolean
  author: number | null
  /** The column that is taken for the folds. */
  fold: number | null
  /** Survey, a row an informant. */
  answers: number[]
  /** Survey, a row an answer. */
  long: { question: number; response: number } | null
  /** Columns of people's names and addresses. */
  personal: number[]
  /** The same by names, as columns in the experiment file has them. */
  names: ColumnNames
  notes: string[]
}

export interface RoleWishes {
  columns?: ColumnNames | undefined
  crs?: string | undefined
}

/**
 * Finds what the columns are: those that are named, else by name and content together.
 * @throws EngineError 'import/column-missing' for a named column that is not there
 */
export function chooseRoles(
  columns: string[],
  sample: string[][],
  { columns: wanted = {}, crs }: RoleWishes = {},
): Roles {
  const contents = columns.map((_, index) => new ColumnContent(sample, index))
  const notes: string[] = []
  const find = (name: string | undefined, what: string) =>
    name === undefined ? null : columnNamed(columns, name, what)
  const fold = find(wanted.fold, 'fold')
  const used = new Set<number>(fold === null ? [] : [fold])
  const use = (...indices: (number | null | undefined)[]) =>
    indices.forEach((index) => index != null && used.add(index))
  const open = () => [...columns.keys()].filter((index) => !used.has(index))
  const table = () => ({ columns, contents, open: open() })
  function told({ index, note }: Guess): number | null {
    if (note !== null) notes.push(note)
    return index
  }

  const named = {
    text: find(wanted.text, 'text'),
    author: find(wanted.author, 'author'),
    question: find(wanted.question, 'question'),
    response: find(wanted.response, 'response'),
  }
  use(...Object.values(named))
  const { place, namedDegrees } = choosePlace()
  use(...(place === null ? [] : columnsOfPlace(place)))
  if (place === null) notes.push(...placeHints(columns, contents))
  const author = named.author ?? told(guessAuthor(table()))
  use(author)
  const offered = fold ?? guessFold(table())
  if (fold === null && offered !== null) {
    use(offered)
    notes.push(
      `Column "${columns[offered]}" says which row belongs to which fold and is not used. split: {column: ${columns[offered]}} (--fold ${columns[offered]}) takes it.`,
    )
  }
  const long = chooseLong()
  if (long) use(long.question, long.response)
  const text = long || wanted.answers !== undefined ? null : (named.text ?? told(guessText(table())))
  const survey = long || (named.text !== null && wanted.answers === undefined) ? null : chooseAnswers(text)
  const answers = survey?.columns ?? []
  if (survey && wanted.answers !== undefined && answers.length === 0) {
    throw new EngineError(
      'import/column-missing',
      `No column of answers matches "${[wanted.answers].flat().join('", "')}"; found ${listed(columns)}. Change the pattern of answers.`,
      { found: columns },
    )
  }
  const finalText = answers.length > 0 || long ? null : text
  if (text !== null && finalText === null)
    notes.push(
      `"${columns[text]}" holds remarks beside answers and is no answer. columns.text: ${columns[text]} makes it the corpus instead.`,
    )
  use(finalText, ...answers)
  const nameOf = (index: number | null | undefined) => (index == null ? undefined : columns[index])
  const personal = open().filter((index) => isPersonal(columns[index]!, contents[index]!))
  return {
    text: finalText,
    place,
    namedDegrees,
    author,
    fold,
    answers,
    long,
    personal,
    notes,
    names: {
      text: nameOf(finalText),
      ...placeNames(),
      author: nameOf(author),
      fold: nameOf(fold),
      answers: answers.length > 0 ? survey!.patterns : undefined,
      question: nameOf(long?.question),
      response: nameOf(long?.response),
    },
  }

  function placeNames(): ColumnNames {
    if (place === null) return {}
    if ('lat' in place && wanted.point === undefined) return { lat: nameOf(place.lat), lon: nameOf(place.lon) }
    const path =
      'lats' in place
        ? listedPoints(columns).find((list) => 'lats' in list.place && list.place.lats[0] === place.lats[0])?.path
        : undefined
    return {
      point: wanted.point ?? path ?? nameOf('point' in place ? place.point : null),
      pointOrder: wanted.pointOrder,
    }
  }

  function choosePlace(): { place: PlaceColumns | null; namedDegrees: boolean } {
    if (wanted.point !== undefined) {
      const place = namedPoint(columns, contents, wanted.point, wanted.pointOrder) ?? {
        point: columnNamed(columns, wanted.point, 'point'),
        order: wanted.pointOrder ?? 'lat-lon',
      }
      return { place, namedDegrees: true }
    }
    const [lat, lon] = [find(wanted.lat, 'lat'), find(wanted.lon, 'lon')]
    if (lat !== null && lat === lon)
      return {
        place: { point: lat, order: wanted.pointOrder ?? pointOrderOf(columns[lat]!, contents[lat]!) },
        namedDegrees: true,
      }
    if (lat !== null && lon !== null)
      return { place: { lat, lon }, namedDegrees: !(nameScore('lat', columns[lat]!) < 0.5) }
    if (lat !== null || lon !== null) use(lat, lon)
    const guess = guessPlace(columns, contents, open(), crs !== undefined && !isDegrees(crs))
    if (lat === null && lon === null) {
      notes.push(...guess.notes)
      if (guess.place && 'point' in guess.place && wanted.pointOrder) guess.place.order = wanted.pointOrder
      return guess
    }
    // One of the two is named: the other is the best of its own names.
    const axis = lat === null ? 'lat' : 'lon'
    const other = bestNamed(table(), axis, (content) => 0.25 + 0.75 * content.degrees(axis))
    return { place: other === null ? null : { lat: lat ?? other, lon: lon ?? other }, namedDegrees: true }
  }

  function chooseLong(): Roles['long'] {
    if (named.question !== null && named.response !== null)
      return { question: named.question, response: named.response }
    if (named.question !== null || named.response !== null || wanted.answers !== undefined || named.text !== null)
      return null
    return guessLong(table(), author)
  }

  function chooseAnswers(candidate: number | null): Answers | null {
    if (wanted.answers !== undefined) {
      const found = namedAnswers(columns, contents, wanted.answers, used)
      if (found.leftOut.length > 0)
        notes.push(
          `The pattern of answers also names ${quoted(columns, found.leftOut)}, which ${found.leftOut.length === 1 ? 'is no answer and is' : 'are no answers and are'} left out.`,
        )
      return found
    }
    const taken = new Set([...used, ...(candidate === null ? [] : [candidate])])
    const guess = guessedAnswers(columns, contents, taken)
    if (!guess) return null
    if (candidate !== null) {
      const { filled } = contents[candidate]!
      const remarks = isRemarks(columns[candidate]!)
      const isCorpus = guess.numbered
        ? !remarks && filled >= 0.5 && nameScore('text', columns[candidate]!) >= 0.5
        : !remarks || filled >= 0.8
      if (isCorpus) {
        if (guess.numbered)
          notes.push(
            `${quoted(columns, guess.columns)} look like answers of a survey; "${columns[candidate]}" is taken for the text. columns.answers takes them instead.`,
          )
        return null
      }
    }
    if (guess.leftOut.length > 0)
      notes.push(
        `${quoted(columns, guess.leftOut)} ${guess.leftOut.length === 1 ? 'holds' : 'hold'} sentences and ${guess.leftOut.length === 1 ? 'is no answer' : 'are no answers'}. columns.answers takes what it names.`,
      )
    if (!guess.numbered)
      notes.push(
        `No column holds text: ${quoted(columns, guess.columns)} are taken for the answers of a survey. columns.answers or columns.text says otherwise.`,
      )
    return guess
  }
}

const mostListed = 30
export const listed = (columns: string[]) =>
  columns.length === 0
    ? 'no columns'
    : `${columns.slice(0, mostListed).join(', ')}${columns.length > mostListed ? ', ...' : ''}`

function quoted(columns: string[], indices: number[]): string {
  const names = indices.map((index) => `"${columns[index]}"`)
  if (names.length > 6) return `${names.slice(0, 2).join(', ')} to ${names.at(-1)} (${names.length} columns)`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function columnNamed(columns: string[], name: string, what: string): number {
  const exact = columns.indexOf(name)
  if (exact >= 0) return exact
  const alike = columns.filter((column) => column.trim().toLowerCase() === name.trim().toLowerCase())
  if (alike.length === 1) return columns.indexOf(alike[0]!)
  throw new EngineError(
    'import/column-missing',
    `No "${name}" column for ${what}; found ${listed(columns)}. Choose one of these.`,
    { wanted: name, found: columns },
  )
}

/**
 * Refuses a file that lacks what an import needs.
 * @throws EngineError 'import/column-missing' that names the columns found
 */
export function requireRoles(roles: Roles, columns: string[], file: string): void {
  const doubts = roles.notes
    .filter((note) => note.includes('not taken'))
    .map((note) => ` ${note}`)
    .join('')
  const missing = (what: string, option: string) =>
    new EngineError(
      'import/column-missing',
      `No column for ${what} in ${file}; found ${listed(columns)}. Name it (--${option} COLUMN, or corpus.columns).${unnamed(columns)}${doubts}`,
      { found: columns },
    )
  if (columns.length === 0 || columns.every((name) => name === ''))
    throw new EngineError('import/empty-file', `${file} holds no row. Name a file with at least one document.`)
  if (roles.place === null) {
    const has = (axis: 'lat' | 'lon') => columns.some((name) => nameScore(axis, name) >= 0.5)
    throw missing(
      has('lat') && !has('lon') ? 'lon (longitude)' : 'lat (latitude)',
      has('lat') && !has('lon') ? 'lon' : 'lat',
    )
  }
  if (roles.text === null && roles.answers.length === 0 && !roles.long) throw missing('text', 'text')
}

/** Columns that have numbers for names are those of a table without a header. */
const unnamed = (columns: string[]) =>
  columns.every((name, i) => name === String(i + 1))
    ? ' The table has no header, so its columns are numbered: name them by number, or set header where there is one.'
    : ''
