import { EngineError } from '#protocol/errors.ts'
import type { CorpusSettings } from '#protocol/experiment.ts'
import type { AcceptedRows } from './acceptedRows.ts'
import { tweetSeparator } from './tweetSeparator.ts'

/** Documents in the order of their first rows: element i of every array is document i. */
export interface Documents {
  count: number
  /** 0 train, 1 dev, 2 test. */
  folds: Uint8Array
  firstRows: Int32Array
  /** Number within the source fold, from 0: row numbers of the files outlive the drawing of folds. */
  sourceRows: Int32Array
  authors: Int32Array
  lat: Float64Array
  lon: Float64Array
  /** Document of each row; null where each row is a document. */
  ofRow: Int32Array | null
  /** What stands between the texts of a document's rows. */
  separator: string
}

/** A document of more bytes is no document: an author column that says the same everywhere makes one. */
const longestDocument = 1 << 28

/**
 * One document an author and fold, a row without an author is a document of its own.
 * @throws EngineError 'import/document-too-long'
 */
export function groupDocuments(
  rows: AcceptedRows,
  { coordinate }: CorpusSettings,
  separator = tweetSeparator,
): Documents {
  const { count } = rows
  const ofRow = new Int32Array(count)
  const firstRows = new Int32Array(count)
  const folds = new Uint8Array(count)
  const sourceRows = new Int32Array(count)
  const authors = new Int32Array(count)
  let documents = 0
  /** Of each fold: the document of each author. */
  const known: (Int32Array | undefined)[] = []
  const held = [0, 0, 0]
  for (let row = 0; row < count; row++) {
    const author = rows.authors.at(row)
    const fold = rows.folds.at(row)
    if (author >= 0) {
      const ofAuthor = (known[fold] ??= new Int32Array(rows.authorNames.size).fill(-1))
      if (ofAuthor[author]! >= 0) {
        ofRow[row] = ofAuthor[author]!
        continue
      }
      ofAuthor[author] = documents
    }
    ofRow[row] = documents
    firstRows[documents] = row
    folds[documents] = fold
    sourceRows[documents] = held[fold]!++
    authors[documents] = author
    documents++
  }
  const merged = documents < count
  if (merged) refuseLong(rows, ofRow, documents, firstRows)
  const place = !merged
    ? null
    : coordinate === 'median'
      ? medianOf(ofRow, documents)
      : (values: Float64Array) => Float64Array.from(firstRows.subarray(0, documents), (row) => values[row]!)
  return {
    count: documents,
    folds: folds.subarray(0, documents),
    firstRows: firstRows.subarray(0, documents),
    sourceRows: sourceRows.subarray(0, documents),
    authors: authors.subarray(0, documents),
    lat: place ? place(rows.lat.values) : rows.lat.values,
    lon: place ? place(rows.lon.values) : rows.lon.values,
    ofRow: merged ? ofRow : null,
    separator,
  }
}

/** Row numbers by document: those of document d are `rows[starts[d]..starts[d + 1]]`, ascending. */
export function rowsByDocument(ofRow: Int32Array, documents: number): { starts: Int32Array; rows: Int32Array } {
  const starts = new Int32Array(documents + 1)
  for (const document of ofRow) starts[document + 1]!++
  for (let document = 0; document < documents; document++) starts[document + 1]! += starts[document]!
  const next = starts.slice(0, documents)
  const rows = new Int32Array(ofRow.length)
  ofRow.forEach((document, row) => (rows[next[document]!++] = row))
  return { starts, rows }
}

/** The median of each document's values; of an even number the mean of the middle two. */
function medianOf(ofRow: Int32Array, documents: number): (values: Float64Array) => Float64Array {
  const { starts, rows } = rowsByDocument(ofRow, documents)
  return (values) =>
    Float64Array.from({ length: documents }, (_, document) => {
      const own = Float64Array.from(rows.subarray(starts[document], starts[document + 1]), (row) => values[row]!).sort()
      const middle = own.length >> 1
      return own.length % 2 === 1 ? own[middle]! : (own[middle - 1]! + own[middle]!) / 2
    })
}

function refuseLong(rows: AcceptedRows, ofRow: Int32Array, documents: number, firstRows: Int32Array): void {
  const bytes = new Float64Array(documents)
  const counts = new Int32Array(documents)
  ofRow.forEach((document, row) => {
    bytes[document]! += rows.end(row) - rows.offsets.at(row)
    counts[document]!++
  })
  const longest = bytes.findIndex((size) => size > longestDocument)
  if (longest < 0) return
  const name = Buffer.from(rows.authorNames.bytes(rows.authors.at(firstRows[longest]!)))
    .toString()
    .slice(0, 100)
  throw new EngineError(
    'import/document-too-long',
    `The ${counts[longest]!.toLocaleString('en')} rows of author "${name}" would make one document of ${Math.round(bytes[longest]! / (1 << 20))} MiB; expected at most ${longestDocument / (1 << 20)}. Choose another author column (--author), or a file without one.`,
  )
}
