import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { CorpusSettings } from '#protocol/experiment.ts'
import { folds } from '#protocol/corpus.ts'
import type { StageContext } from '#engine/context.ts'
import type { DuckDb } from '#engine/files/duckDb.ts'
import { chunkRows, writeParquet, type OpenChunk, type WrittenColumn } from '#engine/files/duckDbColumns.ts'
import { Spool } from '#engine/files/spool.ts'
import type { AcceptedRows } from './acceptedRows.ts'
import { documentRecords } from './documentRecords.ts'
import type { Documents } from './groupDocuments.ts'
import { SeenTexts } from './textHashes.ts'

export interface WrittenDocuments {
  /** Documents in the order of their rows: training, development, test, each in the order of its source. */
  order: Int32Array
  /** Documents whose text an earlier one has: all, those of them in another fold than the earlier one, and those left out. */
  duplicates: number
  duplicatesAcrossFolds: number
  duplicatesDropped: number
  authorCount: number
}

const columns: WrittenColumn[] = [
  { name: 'row', type: 'INTEGER' },
  { name: 'fold', type: 'VARCHAR' },
  { name: 'sourceRow', type: 'INTEGER' },
  { name: 'author', type: 'VARCHAR' },
  { name: 'authorNumber', type: 'INTEGER' },
  { name: 'lat', type: 'DOUBLE' },
  { name: 'lon', type: 'DOUBLE' },
  { name: 'text', type: 'VARCHAR' },
]
const foldNames = folds.map((name) => Buffer.from(name))
/** Small, since a writer and every reader hold a group of rows at a time. */
const rowGroupBytes = 1 << 22

/**
 * Writes documents.parquet into `directory`, a row group in memory at a time. Of documents with the same text the first is kept where
 * duplicates are dropped: training goes before development, development before test, within a fold the order of files.
 */
export async function writeDocuments(
  db: DuckDb,
  directory: string,
  { rows, documents, extras }: { rows: AcceptedRows; documents: Documents; extras: string[] },
  settings: Pick<CorpusSettings, 'duplicates'>,
  context: StageContext,
): Promise<WrittenDocuments> {
  const pause = async () => {
    await setImmediate()
    context.signal.throwIfAborted()
  }
  const records = await documentRecords({ rows, documents, extraCount: extras.length }, directory, pause)
  const order = inFoldOrder(documents)
  const seen = new SeenTexts(documents.count)
  const authorNumbers = new Int32Array(rows.authorNames.size).fill(-1)
  const written: WrittenDocuments = {
    order,
    duplicates: 0,
    duplicatesAcrossFolds: 0,
    duplicatesDropped: 0,
    authorCount: 0,
  }
  let next = 0
  let row = 0

  function fill(chunk: OpenChunk): number {
    context.signal.throwIfAborted()
    context.report({ done: next, total: order.length, unit: 'documents', title: 'Write the corpus' })
    const [numbers, sourceRows, authors] = [chunk.integers(0), chunk.integers(2), chunk.integers(4)]
    const [lat, lon] = [chunk.doubles(5), chunk.doubles(6)]
    let filled = 0
    while (filled < chunkRows && next < order.length) {
      const document = order[next++]!
      const record = records.record(document)
      const text = extras.length > 0 ? record.subarray(4, 4 + Spool.numberAt(record, 0)) : record
      const first = seen.see(text, document)
      if (first >= 0) {
        written.duplicates++
        if (documents.folds[first] !== documents.folds[document]) written.duplicatesAcrossFolds++
        if (settings.duplicates === 'drop') {
          written.duplicatesDropped++
          continue
        }
      }
      const author = documents.authors[document]!
      if (author >= 0 && authorNumbers[author]! < 0) authorNumbers[author] = written.authorCount++
      numbers[filled] = row
      sourceRows[filled] = documents.sourceRows[document]!
      authors[filled] = author < 0 ? -1 : authorNumbers[author]!
      lat[filled] = documents.lat[document]!
      lon[filled] = documents.lon[document]!
      chunk.setString(1, filled, foldNames[documents.folds[document]!]!)
      chunk.setString(3, filled, author < 0 ? null : rows.authorNames.bytes(author))
      chunk.setString(7, filled, text)
      let at = 4 + text.length
      for (let extra = 0; extra < extras.length; extra++) {
        const length = Spool.numberAt(record, at)
        chunk.setString(columns.length + extra, filled, length === 0 ? null : record.subarray(at + 4, at + 4 + length))
        at += 4 + length
      }
      order[row++] = document
      filled++
    }
    return filled
  }

  try {
    const meanBytes = rows.spool.length / documents.count
    const groupRows = chunkRows * Math.max(1, Math.min(60, Math.round(rowGroupBytes / meanBytes / chunkRows)))
    const all = [...columns, ...extras.map((name): WrittenColumn => ({ name, type: 'VARCHAR' }))]
    await writeParquet(db, join(directory, 'documents.parquet'), all, groupRows, fill)
  } finally {
    records.close()
  }
  context.report({ done: order.length, total: order.length, unit: 'documents', title: 'Write the corpus' })
  return { ...written, order: order.subarray(0, row) }
}

function inFoldOrder({ count, folds: foldOf }: Documents): Int32Array {
  const order = new Int32Array(count)
  let next = 0
  for (let fold = 0; fold < folds.length; fold++) {
    for (let document = 0; document < count; document++) if (foldOf[document] === fold) order[next++] = document
  }
  return order
}
