import { join } from 'node:path'
import { openDuckDb } from '#engine/files/duckDb.ts'
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

export async function readPredictions(runDirectory: string, fold: 'dev' | 'test'): Promise<RunPredictions> {
  const path = join(runDirectory, 'predictions.parquet')
  const db = await openDuckDb({ allowedPaths: [path] })
  try {
    const found = await db.rows(`SELECT * FROM read_parquet($path) WHERE fold = $fold ORDER BY row`, { path, fold })
    const numbers = (name: string) => Float64Array.from(found, (row) => Number(row[name]))
    const has = (name: string) => found.length > 0 && found[0]![name] !== null
    return {
      rows: Int32Array.from(numbers('row')),
      truth: { lat: numbers('lat'), lon: numbers('lon') },
      label: has('label') ? Int32Array.from(numbers('label')) : null,
      predictedLabel: has('predictedLabel') ? Int32Array.from(numbers('predictedLabel')) : null,
      guess: { lat: numbers('guessLat'), lon: numbers('guessLon') },
      errorKm: Float32Array.from(numbers('errorKm')),
      head: has('headLat') ? { lat: numbers('headLat'), lon: numbers('headLon') } : null,
    }
  } finally {
    db.close()
  }
}
