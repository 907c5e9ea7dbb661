import { join } from 'node:path'
import { openDuckDb } from '#engine/files/duckDb.ts'
import type { Points } from '#engine/geo/points.ts'

/** What one run says of the documents of a fold, in the corpus's row order. */
export interface RunPredictions {
  rows: Int32Array
  truth: Points
  label: Int32Array
  predictedLabel: Int32Array
  guess: Points
  errorKm: Float32Array
  /** The coordinate head's guesses; null for a single-task run. */
  head: Points | null
}

export async function readPredictions(runDirectory: string, fold: 'dev' | 'test'): Promise<RunPredictions> {
  const path = join(runDirectory, 'predictions.parquet')
  const db = await openDuckDb({ allowedPaths: [path] })
  try {
    const found = await db.rows(`SELECT * FROM read_parquet($path) WHERE fold = $fold ORDER BY row`, { path, fold })
    const numbers = (name: string) => Float64Array.from(found, (row) => Number(row[name]))
    return {
      rows: Int32Array.from(numbers('row')),
      truth: { lat: numbers('lat'), lon: numbers('lon') },
      label: Int32Array.from(numbers('label')),
      predictedLabel: Int32Array.from(numbers('predictedLabel')),
      guess: { lat: numbers('guessLat'), lon: numbers('guessLon') },
      errorKm: Float32Array.from(numbers('errorKm')),
      head: found.length > 0 && found[0]!['headLat'] !== null ? { lat: numbers('headLat'), lon: numbers('headLon') } : null,
    }
  } finally {
    db.close()
  }
}
