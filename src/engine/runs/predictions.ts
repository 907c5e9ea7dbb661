import { join } from 'node:path'
import { damagedFile, requireFinite, requirePlaces } from '#engine/files/artefactFile.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { readParquet, type ReadColumn } from '#engine/files/readParquet.ts'
import type { Points } from '#engine/geo/points.ts'

/** What one run says of the documents of a fold, in the corpus's row order. */
export interface RunPredictions {
  rows: Int32Array
  truth: Points
  /** Of the scheme; null where the model needs no labels. */
  label: Int32Array | null
  predictedLabel: Int32Array | null
  guess: Points
  errorKm: Float32Array
  /** A coordinate head's guesses beside those by labels; null for a model without one. */
  head: Points | null
}

/** Of a label that is null, which none that is there can be. */
const noValue = -(2 ** 31)

const columns: ReadColumn[] = [
  { name: 'row', type: 'INTEGER' },
  ...['label', 'predictedLabel'].map((name) => ({ name, type: 'INTEGER' as const, otherwise: String(noValue) })),
  ...['lat', 'lon', 'guessLat', 'guessLon', 'errorKm'].map((name) => ({ name, type: 'DOUBLE' as const })),
  ...['headLat', 'headLon'].map((name) => ({ name, type: 'DOUBLE' as const, otherwise: "'NaN'::DOUBLE" })),
]

/**
 * @param expected rows of the corpus that the fold has, where the caller knows them
 * @throws EngineError 'file/damaged'
 */
export async function readPredictions(
  runDirectory: string,
  fold: 'dev' | 'test',
  expected?: Int32Array,
): Promise<RunPredictions> {
  const path = join(runDirectory, 'predictions.parquet')
  const db = await openDuckDb({ allowedPaths: [path] })
  const found: number[][] = columns.map(() => [])
  try {
    const query = {
      rest: 'WHERE fold = $fold ORDER BY row',
      values: { fold },
      ...(expected ? { rows: expected.length } : {}),
    }
    for await (const chunk of readParquet(db, path, columns, query)) {
      columns.forEach(({ type }, i) => {
        for (const value of type === 'INTEGER' ? chunk.integers(i) : chunk.doubles(i)) found[i]!.push(value)
      })
    }
  } finally {
    db.close()
  }
  const numbers = (name: string) => Float64Array.from(found[columns.findIndex((column) => column.name === name)]!)
  const places = (lat: string, lon: string): Points => {
    const points = { lat: numbers(lat), lon: numbers(lon) }
    requirePlaces(path, points)
    return points
  }
  const labels = (name: string) => {
    const values = Int32Array.from(numbers(name))
    return values.length > 0 && values.every((value) => value === noValue) ? null : values
  }
  const rows = Int32Array.from(numbers('row'))
  const other = rows.findIndex((row, i) => (expected ? row !== expected[i] : row < 0 || row === rows[i - 1]))
  if (other >= 0)
    throw damagedFile(
      path,
      `it predicts document ${rows[other]}${expected ? `, expected ${expected[other]}` : ' twice, or none'}`,
    )
  const errorKm = numbers('errorKm')
  requireFinite(path, errorKm)
  return {
    rows,
    truth: places('lat', 'lon'),
    label: labels('label'),
    predictedLabel: labels('predictedLabel'),
    guess: places('guessLat', 'guessLon'),
    errorKm: Float32Array.from(errorKm),
    head: numbers('headLat').every(Number.isNaN) ? null : places('headLat', 'headLon'),
  }
}
