import { EngineError } from '#protocol/errors.ts'
import type { ColumnNames } from '#protocol/experiment.ts'

const names = {
  text: /^(text|tweets?|content|message|msg|body|document|doc|utterance|sentence|post|comment|transcription|inhalt)s?$/i,
  lat: /^(lat|latitude|y|breite|breitengrad|geo_?lat|latitud)$/i,
  lon: /^(lon|lng|long|longitude|x|länge|laenge|längengrad|geo_?lon|geo_?lng|longitud)$/i,
  author: /^(author|user|user_?id|user_?name|author_?id|username|speaker|informant|respondent|participant|id_?user)$/i,
}

export interface ChosenColumns {
  text: number | null
  lat: number
  lon: number
  author: number | null
  /** Survey: columns whose values are answers. */
  answers: number[]
  names: ColumnNames
}

/**
 * Finds the columns: those that are named, else by their usual names; a table without text but with many columns of
 * one numbered prefix (Q1, Q2, ...) is a survey.
 * @throws EngineError 'import/column-missing' that names the columns found
 */
export function chooseColumns(columns: string[], wanted: ColumnNames = {}): ChosenColumns {
  if (columns.every((name) => name === '')) throw new EngineError('import/empty-file', 'The file holds no row. Name a file with at least one document.')
  const chosen = guessColumns(columns, wanted)
  const missing = (what: string) =>
    new EngineError(
      'import/column-missing',
      `No column for ${what}; found ${columns.length ? columns.slice(0, 30).join(', ') : 'no columns'}${columns.length > 30 ? ', ...' : ''}. Name it (--${what.split(' ')[0]} COLUMN, or corpus.columns).`,
      { wanted, found: columns },
    )
  if (chosen.lat === null) throw missing('lat (latitude)')
  if (chosen.lon === null) throw missing('lon (longitude)')
  if (chosen.text === null && chosen.answers.length === 0) throw missing('text')
  return { ...chosen, lat: chosen.lat, lon: chosen.lon }
}

export function guessColumns(columns: string[], wanted: ColumnNames = {}) {
  const find = (key: keyof typeof names): number | null => {
    const name = wanted[key]
    if (name !== undefined) {
      const index = columns.findIndex((column) => column === name)
      if (index < 0) {
        throw new EngineError(
          'import/column-missing',
          `No "${name}" column for ${key}; found ${columns.slice(0, 30).join(', ')}${columns.length > 30 ? ', ...' : ''}. Choose one of these.`,
          { wanted: name, found: columns },
        )
      }
      return index
    }
    const index = columns.findIndex((column) => names[key].test(column.trim()))
    return index < 0 ? null : index
  }
  const lat = find('lat')
  const lon = find('lon')
  const author = find('author')
  const text = wanted.answers === undefined ? find('text') : null
  const pattern = wanted.answers ?? (text === null ? surveyPattern(columns) : null)
  const answers = pattern === null ? [] : matching(columns, pattern)
  if (wanted.answers !== undefined && answers.length === 0) {
    throw new EngineError('import/column-missing', `No column matches "${wanted.answers}"; found ${columns.slice(0, 30).join(', ')}. Change the pattern of answers.`, { found: columns })
  }
  const nameOf = (index: number | null) => (index === null ? undefined : columns[index])
  return {
    text,
    lat,
    lon,
    author,
    answers,
    names: { text: nameOf(text), lat: nameOf(lat), lon: nameOf(lon), author: nameOf(author), answers: pattern ?? undefined } as ColumnNames,
  }
}

function matching(columns: string[], pattern: string): number[] {
  const expression = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)
  return columns.flatMap((column, index) => (expression.test(column) ? [index] : []))
}

/** At least this many columns of one numbered prefix make a table a survey. */
const fewestQuestions = 5

function surveyPattern(columns: string[]): string | null {
  const prefixes = new Map<string, number>()
  for (const column of columns) {
    const prefix = /^(.*?[^\d])\d+$/.exec(column)?.[1]
    if (prefix) prefixes.set(prefix, (prefixes.get(prefix) ?? 0) + 1)
  }
  const [best] = [...prefixes].sort((a, b) => b[1] - a[1])
  return best && best[1] >= fewestQuestions ? `${best[0]}*` : null
}
