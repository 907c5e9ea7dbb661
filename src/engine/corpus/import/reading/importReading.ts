import type { ColumnReading, ColumnRole, Fold, ImportReading } from '#protocol/corpus.ts'
import type { FileReader } from '../corpusFiles.ts'
import { readingSentences } from './readingSentences.ts'

const shownCharacters = 60

/** What an import takes a file for: its form, its columns with a value of each, its rows, and all of it as sentences. */
export function importReading(file: FileReader, fold: Fold, rows: ImportReading['rows']): ImportReading {
  const { source, roles } = file
  const columns = source.columns.map((name, index): ColumnReading => {
    const role = roleOf(file, index)
    const value = source.sample.find((row) => row[index]?.trim())?.[index]?.trim() ?? ''
    return {
      name,
      role,
      sample:
        role === 'personal'
          ? ''
          : value.length > shownCharacters
            ? `${value.slice(0, shownCharacters).toWellFormed()}…`
            : value,
    }
  })
  const reading = { ...source.reading, notes: file.notes(), fold, columns, chosen: roles.names, rows }
  return { ...reading, sentences: readingSentences(reading) }
}

function roleOf({ roles, extras, source }: FileReader, index: number): ColumnRole {
  const { text, place, author, fold, answers, long, personal } = roles
  if (index === text) return 'text'
  if (place && 'point' in place && index === place.point) return 'point'
  if (place && 'lats' in place && [...place.lats, ...place.lons].includes(index)) return 'point'
  if (place && 'lat' in place && index === place.lat) return 'latitude'
  if (place && 'lon' in place && index === place.lon) return 'longitude'
  if (index === author) return 'author'
  if (index === fold) return 'fold'
  if (answers.includes(index)) return 'answer'
  if (index === long?.question) return 'question'
  if (index === long?.response) return 'response'
  if (extras.includes(source.columns[index]!)) return 'further'
  return personal.includes(index) ? 'personal' : 'unused'
}
