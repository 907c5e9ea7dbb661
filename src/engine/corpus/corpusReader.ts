import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import { folds as foldNames } from '#protocol/corpus.ts'
import { type DocumentView } from '#protocol/runs.ts'
import { damagedFile, readJson, requirePlaces } from '#engine/files/artefactFile.ts'
import { openDuckDb, type DuckDb } from '#engine/files/duckDb.ts'
import { readParquet, requireRows, type ReadColumn } from '#engine/files/readParquet.ts'
import type { Points } from '#engine/geo/points.ts'
import { corpusFile } from './corpusFile.ts'

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
  /** Whether it was passed on without its texts: they are empty. */
  withoutText: boolean
  /** Texts in row order as UTF-8, in pieces; each is valid until the next one is asked for. */
  texts(): AsyncIterable<Uint8Array[]>
  /** The author of each row as the source names it; empty where it has none. */
  authorNames(): Promise<string[]>
  /** A further column: its distinct values, and of each row the number of its value, -1 for none. */
  column(name: string): Promise<{ values: string[]; codes: Int32Array }>
  document(row: number): Promise<DocumentView>
  /** Documents at some rows with their further columns, in the order of the rows. */
  documentsAt(rows: Int32Array): Promise<(DocumentView & { columns: Record<string, string> })[]>
  close(): void
}

const smallColumns: ReadColumn[] = [
  { name: 'row', type: 'INTEGER' },
  { name: 'sourceRow', type: 'INTEGER' },
  { name: 'authorNumber', type: 'INTEGER' },
  { name: 'lat', type: 'DOUBLE' },
  { name: 'lon', type: 'DOUBLE' },
]
const textColumn = (name: string): ReadColumn => ({ name, type: 'VARCHAR', otherwise: "''" })

/** @throws EngineError 'file/damaged' where the folder holds no whole corpus */
export async function openCorpus(directory: string): Promise<Corpus> {
  const path = join(directory, 'documents.parquet')
  const {
    tokenisation,
    authorCount,
    summary,
    withoutText = false,
  } = await readJson(join(directory, 'corpus.json'), corpusFile)
  const { documents, furtherColumns } = summary
  const count = documents.train + documents.dev + documents.test
  const db = await openDuckDb({ allowedPaths: [path], threads: 1 })
  const table = (columns: ReadColumn[]) => readParquet(db, path, columns, { rows: count })
  const { sourceRows, authors, points } = await smallColumnsOf(db, path, count).catch((error: unknown) => {
    db.close()
    throw error
  })
  const folds = new Uint8Array(count)
  folds.fill(1, documents.train, documents.train + documents.dev).fill(2, documents.train + documents.dev)
  return {
    count,
    folds,
    sourceRows,
    points,
    authors,
    authorCount,
    tokenisation,
    furtherColumns,

    withoutText,

    async *texts() {
      if (withoutText) throw noTexts(directory)
      for await (const chunk of table([textColumn('text')])) yield chunk.strings(0)
    },

    async authorNames() {
      const names: string[] = []
      for await (const chunk of table([textColumn('author')])) names.push(...chunk.texts(0))
      return names
    },

    async column(name) {
      if (!furtherColumns.includes(name)) {
        throw new EngineError(
          'corpus/no-column',
          `The corpus has no column "${name}"; it has ${furtherColumns.join(', ') || 'none beside text, place and author'}. Choose one of these.`,
        )
      }
      const numbers = new Map<string, number>([['', -1]])
      const codes = new Int32Array(count)
      let row = 0
      for await (const chunk of table([textColumn(name)])) {
        for (const value of chunk.texts(0)) {
          if (!numbers.has(value)) numbers.set(value, numbers.size - 1)
          codes[row++] = numbers.get(value)!
        }
      }
      return { values: [...numbers.keys()].slice(1), codes }
    },

    async document(row) {
      const columns = [textColumn('author'), textColumn('text')]
      for await (const chunk of readParquet(db, path, columns, { rest: 'WHERE row = $row', values: { row } })) {
        const [author, text] = [chunk.texts(0)[0]!, chunk.texts(1)[0]!]
        return {
          row,
          fold: foldNames[folds[row]!]!,
          author: author === '' ? null : author,
          text,
          lat: points.lat[row]!,
          lon: points.lon[row]!,
        }
      }
      throw new EngineError(
        'corpus/no-row',
        `The corpus has no document ${row}; it has rows 0 to ${count - 1}. Choose one of these.`,
      )
    },

    async documentsAt(rows) {
      if (rows.length === 0) return []
      const names = ['author', 'text', ...furtherColumns]
      const columns: ReadColumn[] = [{ name: 'row', type: 'INTEGER' }, ...names.map(textColumn)]
      const rest = `WHERE row IN (${rows.join(',')}) ORDER BY row`
      const found: (DocumentView & { columns: Record<string, string> })[] = []
      for await (const chunk of readParquet(db, path, columns, { rest })) {
        const cells = names.map((_, i) => chunk.texts(i + 1))
        for (const [i, row] of chunk.integers(0).entries()) {
          const [author, text, ...further] = cells.map((values) => values[i]!)
          found.push({
            row,
            fold: foldNames[folds[row]!]!,
            author: author === '' ? null : author!,
            text: text!,
            lat: points.lat[row]!,
            lon: points.lon[row]!,
            columns: Object.fromEntries(furtherColumns.map((name, column) => [name, further[column]!])),
          })
        }
      }
      return found
    },

    close: () => db.close(),
  }
}

/** What a caller is told that needs texts where there are none. */
export const noTexts = (directory: string) =>
  new EngineError(
    'corpus/no-texts',
    `The corpus in ${directory} came without its texts: its results can be looked at, but nothing can be trained, counted or asked of words. Get the corpus itself, and run the experiment on it.`,
  )

async function smallColumnsOf(
  db: DuckDb,
  path: string,
  count: number,
): Promise<Pick<Corpus, 'sourceRows' | 'authors' | 'points'>> {
  await requireRows(db, path, count)
  const [sourceRows, authors] = [new Int32Array(count), new Int32Array(count)]
  const points = { lat: new Float64Array(count), lon: new Float64Array(count) }
  let start = 0
  for await (const chunk of readParquet(db, path, smallColumns, { rows: count })) {
    const row = chunk.integers(0).findIndex((row, i) => row !== start + i)
    if (row >= 0) throw damagedFile(path, `row ${chunk.integers(0)[row]} lies where row ${start + row} was expected`)
    sourceRows.set(chunk.integers(1), start)
    authors.set(chunk.integers(2), start)
    points.lat.set(chunk.doubles(3), start)
    points.lon.set(chunk.doubles(4), start)
    start += chunk.rowCount
  }
  requirePlaces(path, points)
  return { sourceRows, authors, points }
}
