import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import { folds, type DocumentView, type Fold } from '#protocol/results.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import type { Points } from '#engine/geo/points.ts'
import type { CorpusFile } from './import/importCorpus.ts'

/** An imported corpus: its small columns in memory, its texts on disk. Element i of every array is row i. */
export interface Corpus {
  count: number
  /** 0 train, 1 dev, 2 test. */
  folds: Uint8Array
  /** Number of the document within its source fold's files, from 0. */
  sourceRows: Int32Array
  points: Points
  /** Numbered by first appearance; -1 where there is none. */
  authors: Int32Array
  authorCount: number
  tokenisation: 'text' | 'answers'
  /** Texts in row order, in pieces; `start` is the row of the first. */
  texts(): AsyncIterable<{ start: number; texts: string[] }>
  document(row: number): Promise<DocumentView>
  close(): void
}

/** @throws EngineError 'corpus/missing' where the folder holds no corpus */
export async function openCorpus(directory: string): Promise<Corpus> {
  const path = join(directory, 'documents.parquet')
  const file = await readFile(join(directory, 'corpus.json'), 'utf8').then(
    (text) => JSON.parse(text) as CorpusFile,
    (cause: unknown) => {
      throw new EngineError('corpus/missing', `There is no corpus in ${directory}. Import it again; the experiment does so by itself.`, {}, { cause })
    },
  )
  const db = await openDuckDb({ allowedPaths: [path] })
  const table = await db.connection.runAndReadAll('SELECT fold, sourceRow, lat, lon, author FROM read_parquet($path) ORDER BY row', { path })
  const [foldNames, sourceRows, lat, lon, authorNames] = table.getColumns() as [string[], number[], number[], number[], (string | null)[]]
  const numbers = new Map<string, number>()
  const authors = Int32Array.from(authorNames ?? [], (author) => {
    if (author === null) return -1
    if (!numbers.has(author)) numbers.set(author, numbers.size)
    return numbers.get(author)!
  })
  return {
    count: authors.length,
    folds: Uint8Array.from(foldNames ?? [], (fold) => folds.indexOf(fold as Fold)),
    sourceRows: Int32Array.from(sourceRows ?? []),
    points: { lat: Float64Array.from(lat ?? []), lon: Float64Array.from(lon ?? []) },
    authors,
    authorCount: numbers.size,
    tokenisation: file.tokenisation,

    async *texts() {
      const result = await db.connection.stream('SELECT text FROM read_parquet($path) ORDER BY row', { path })
      let start = 0
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        const texts = chunk.getColumnValues(0) as string[]
        yield { start, texts }
        start += texts.length
      }
    },

    async document(row) {
      const [found] = await db.rows('SELECT fold, author, text, lat, lon FROM read_parquet($path) WHERE row = $row', { path, row })
      if (!found) throw new EngineError('corpus/no-row', `The corpus has no document ${row}; it has rows 0 to ${authors.length - 1}. Choose one of these.`)
      return {
        row,
        fold: found['fold'] as Fold,
        author: found['author'] as string | null,
        text: String(found['text']),
        lat: Number(found['lat']),
        lon: Number(found['lon']),
      }
    },

    close: () => db.close(),
  }
}
