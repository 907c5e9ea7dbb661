import { join } from 'node:path'
import type { RejectedRow } from '#protocol/results.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'

/** Enough to see what is wrong with a file; the table itself holds them all. */
const mostRows = 200

/** The first rows of a corpus's rejected.parquet. */
export async function readRejectedRows(corpusDirectory: string): Promise<RejectedRow[]> {
  const path = join(corpusDirectory, 'rejected.parquet')
  const db = await openDuckDb({ allowedPaths: [path] })
  try {
    const rows = await db.rows(`SELECT file, line, reason, explanation, raw FROM read_parquet($path) LIMIT ${mostRows}`, { path })
    return rows as unknown as RejectedRow[]
  } finally {
    db.close()
  }
}
