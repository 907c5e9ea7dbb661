import { join } from 'node:path'
import type { RejectedRow } from '#protocol/corpus.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { readParquet } from '#engine/files/readParquet.ts'

/** Enough to see what is wrong with a file; the table itself holds them all. */
const mostRows = 200

/**
 * The first rows of a corpus's rejected.parquet.
 * @throws EngineError 'file/damaged'
 */
export async function readRejectedRows(corpusDirectory: string): Promise<RejectedRow[]> {
  const path = join(corpusDirectory, 'rejected.parquet')
  const db = await openDuckDb({ allowedPaths: [path] })
  try {
    const rows: RejectedRow[] = []
    const texts = ['file', 'reason', 'explanation', 'raw'].map((name) => ({
      name,
      type: 'VARCHAR' as const,
      otherwise: "''",
    }))
    for await (const chunk of readParquet(db, path, [{ name: 'line', type: 'INTEGER' }, ...texts], {
      rest: `LIMIT ${mostRows}`,
    })) {
      const [file, reason, explanation, raw] = texts.map((_, i) => chunk.texts(i + 1))
      chunk
        .integers(0)
        .forEach((line, i) =>
          rows.push({ file: file![i]!, line, reason: reason![i]!, explanation: explanation![i]!, raw: raw![i]! }),
        )
    }
    return rows
  } finally {
    db.close()
  }
}
