import { EngineError } from '#protocol/errors.ts'
import { openRowSource } from '#engine/corpus/import/form/openRowSource.ts'
import type { RowFields } from '#engine/corpus/import/form/rowFields.ts'

/** Places that a system outside guessed, by author or by row of documents.parquet. */
export interface Guesses {
  key: 'id' | 'row'
  places: Map<string, { lat: number; lon: number }>
}

/**
 * Reads a table of guesses with the columns `row` or `id`, `lat` and `lon`; where both are there, rows are meant. Columns
 * beyond these are left alone.
 * @throws EngineError 'predictions/bad-file' where a column lacks, a line holds no place, or two lines differ about a document
 */
export async function readGuesses(path: string): Promise<Guesses> {
  const { columns, read } = await openRowSource(path)
  const at = (...names: string[]) => columns.findIndex((column) => names.includes(column.trim().toLowerCase()))
  const [row, id] = [at('row'), at('id')]
  const [lat, lon] = [at('lat', 'latitude'), at('lon', 'longitude')]
  if ((row < 0 && id < 0) || lat < 0 || lon < 0)
    throw badFile(
      path,
      `has the columns ${columns.slice(0, 20).join(', ')}; expected id (the author) or row (that of documents.parquet), lat and lon`,
    )
  const [key, keyAt] = row >= 0 ? (['row', row] as const) : (['id', id] as const)
  const places: Guesses['places'] = new Map()
  const take = (line: number, fields: RowFields) => {
    const name = fields.text(keyAt).trim()
    const place = { lat: degrees(fields.text(lat), 90), lon: degrees(fields.text(lon), 180) }
    if (name === '') throw badFile(path, `has no ${key} in line ${line}`)
    if (Number.isNaN(place.lat) || Number.isNaN(place.lon))
      throw badFile(
        path,
        `holds "${fields.text(lat).slice(0, 30)}", "${fields.text(lon).slice(0, 30)}" in line ${line}; expected a latitude and a longitude in degrees`,
      )
    const known = places.get(name)
    if (known && (known.lat !== place.lat || known.lon !== place.lon))
      throw badFile(path, `has two different places for ${key} ${name.slice(0, 60)}, the second one in line ${line}`)
    places.set(name, place)
  }
  const rejected = (line: number, reason: string): never => {
    throw badFile(path, `cannot be read in line ${line} (${reason})`)
  }
  for await (const _ of read({ row: take, reject: rejected })) void _
  return { key, places }
}

function degrees(text: string, most: number): number {
  const value = text.trim() === '' ? NaN : Number(text)
  return Math.abs(value) <= most ? value : NaN
}

const badFile = (path: string, found: string) =>
  new EngineError('predictions/bad-file', `${path} ${found}. Mend the file and import it again.`, { path })
