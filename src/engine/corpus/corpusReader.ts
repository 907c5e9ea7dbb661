import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { DocumentView, Fold } from '#protocol/results.ts'
import { openDuckDb } from '#engine/files/duckDb.ts'
import { chunksOf, numbersOf, stringBytesOf } from '#engine/files/duckDbColumns.ts'
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
  /** Columns of the source that are kept beside ours, such as age or year. */
  furtherColumns: string[]
  /** Texts in row order as UTF-8, in pieces; each is valid until the next one is asked for. */
  texts(): AsyncIterable<Uint8Array[]>
  /** A further column: its distinct values, and of each row the number of its value, -1 for none. */
  column(name: string): Promise<{ values: string[]; codes: Int32Array }>
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
  const { documents, furtherColumns } = file.summary
  const count = documents.train + documents.dev + documents.test
  const db = await openDuckDb({ allowedPaths: [path], threads: 1 })
  const folds = new Uint8Array(count)
  const [sourceRows, authors] = [new Int32Array(count), new Int32Array(count)]
  const points = { lat: new Float64Array(count), lon: new Float64Array(count) }
  folds.fill(1, documents.train, documents.train + documents.dev).fill(2, documents.train + documents.dev)
  // The table's rows lie in their order, and DuckDB keeps it.
  let start = 0
  for await (const chunk of chunksOf(db, 'SELECT sourceRow, authorNumber, lat, lon FROM read_parquet($path)', { path })) {
    sourceRows.set(numbersOf(chunk, 0, Int32Array), start)
    authors.set(numbersOf(chunk, 1, Int32Array), start)
    points.lat.set(numbersOf(chunk, 2, Float64Array), start)
    points.lon.set(numbersOf(chunk, 3, Float64Array), start)
    start += chunk.rowCount
  }
  return {
    count,
    folds,
    sourceRows,
    points,
    authors,
    authorCount: file.authorCount,
    tokenisation: file.tokenisation,
    furtherColumns,

    async *texts() {
      for await (const chunk of chunksOf(db, 'SELECT text FROM read_parquet($path)', { path })) yield stringBytesOf(chunk, 0)
    },

    async column(name) {
      if (!furtherColumns.includes(name)) {
        throw new EngineError('corpus/no-column', `The corpus has no column "${name}"; it has ${furtherColumns.join(', ') || 'none beside text, place and author'}. Choose one of these.`)
      }
      const numbers = new Map<string, number>([['', -1]])
      const codes = new Int32Array(count)
      let row = 0
      const sql = `SELECT coalesce("${name.replaceAll('"', '""')}", '') FROM read_parquet($path)`
      for await (const chunk of chunksOf(db, sql, { path })) {
        for (const value of chunk.getColumnValues(0) as string[]) {
          if (!numbers.has(value)) numbers.set(value, numbers.size - 1)
          codes[row++] = numbers.get(value)!
        }
      }
      return { values: [...numbers.keys()].slice(1), codes }
    },

    async document(row) {
      const [found] = await db.rows('SELECT fold, author, text, lat, lon FROM read_parquet($path) WHERE row = $row', { path, row })
      if (!found) throw new EngineError('corpus/no-row', `The corpus has no document ${row}; it has rows 0 to ${count - 1}. Choose one of these.`)
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
