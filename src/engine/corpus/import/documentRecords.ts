import { openSync, closeSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Spool } from '#engine/files/spool.ts'
import type { AcceptedRows } from './acceptedRows.ts'
import type { Documents } from './groupDocuments.ts'

/** Records of documents on the disk, made as those of rows are; `record(d)` is valid until the next call. */
export interface DocumentRecords {
  record(document: number): Uint8Array
  close(): void
}

/** Rows that were taken, the documents that they make, and how many further columns each has. */
export interface TakenDocuments {
  rows: AcceptedRows
  documents: Documents
  extraCount: number
}

/**
 * The records of documents: rows' own where every row is a document. Else the rows are dealt out to partitions by their
 * documents, and each partition, which memory holds, is put together: an external sort that reads and writes every text
 * once more, whatever the order of rows.
 * @param partitionBytes of text that memory holds at a time
 */
export async function documentRecords(
  { rows, documents, extraCount: extras }: TakenDocuments,
  directory: string,
  pause: () => Promise<void>,
  partitionBytes = 1 << 26,
): Promise<DocumentRecords> {
  const { ofRow, separator } = documents
  if (!ofRow) return { record: (row) => rows.spool.read(rows.offsets.at(row), rows.end(row)), close: () => undefined }
  const merged = new Spool(join(directory, 'documents.spool'))
  const offsets = new Float64Array(documents.count + 1)
  const sizes = new Float64Array(documents.count)
  ofRow.forEach((document, row) => (sizes[document]! += rows.end(row) - rows.offsets.at(row) + separator.length))
  const partitions = partitionsOf(sizes, partitionBytes)
  const files = await dealOut(rows, ofRow, partitions, directory, pause)
  try {
    for (const [i, path] of files.entries()) {
      await pause()
      joinPartition(
        readFileSync(path),
        partitions[i]!,
        partitions[i + 1]!,
        { extras, separator: Buffer.from(separator) },
        (document, parts) => {
          for (const part of parts) merged.append(part)
          offsets[document + 1] = merged.length
        },
      )
      unlinkSync(path)
    }
    merged.flush()
  } catch (error) {
    merged.close()
    throw error
  }
  return { record: (document) => merged.read(offsets[document]!, offsets[document + 1]!), close: () => merged.close() }
}

/** First document of each partition, and the number of documents. */
function partitionsOf(sizes: Float64Array, partitionBytes: number): number[] {
  const starts = [0]
  let held = 0
  sizes.forEach((size, document) => {
    if (held > 0 && held + size > partitionBytes) {
      starts.push(document)
      held = 0
    }
    held += size
  })
  return [...starts, sizes.length]
}

/** Writes each row's document, length and record into its partition's file. */
async function dealOut(
  rows: AcceptedRows,
  ofRow: Int32Array,
  starts: number[],
  directory: string,
  pause: () => Promise<void>,
): Promise<string[]> {
  const partitionOf = new Uint16Array(starts.at(-1)!)
  starts.slice(0, -1).forEach((start, partition) => partitionOf.fill(partition, start, starts[partition + 1]))
  const outs = starts.slice(0, -1).map((_, partition) => {
    const path = join(directory, `partition-${partition}.spool`)
    return { path, file: openSync(path, 'w'), buffer: Buffer.allocUnsafe(1 << 16), held: 0 }
  })
  const flush = (out: (typeof outs)[number]) => {
    for (let done = 0; done < out.held;) done += writeSync(out.file, out.buffer, done, out.held - done)
    out.held = 0
  }
  try {
    for (let row = 0; row < ofRow.length; row++) {
      if ((row & 0x3fff) === 0) await pause()
      const document = ofRow[row]!
      const out = outs[partitionOf[document]!]!
      const record = rows.spool.read(rows.offsets.at(row), rows.end(row))
      if (out.held + 8 + record.length > out.buffer.length) {
        flush(out)
        if (8 + record.length > out.buffer.length) out.buffer = Buffer.allocUnsafe(2 * (8 + record.length))
      }
      out.held = out.buffer.writeUInt32LE(document, out.held)
      out.held = out.buffer.writeUInt32LE(record.length, out.held)
      out.buffer.set(record, out.held)
      out.held += record.length
    }
    outs.forEach(flush)
  } finally {
    outs.forEach(({ file }) => closeSync(file))
  }
  return outs.map(({ path }) => path)
}

/** Puts the rows of a partition's documents together: texts with separators, further columns of the first row. */
function joinPartition(
  bytes: Buffer,
  first: number,
  last: number,
  { extras, separator }: { extras: number; separator: Buffer },
  take: (document: number, parts: Uint8Array[]) => void,
): void {
  const starts = new Int32Array(last - first + 1)
  const entries = (visit: (document: number, at: number) => void) => {
    for (let at = 0; at < bytes.length; at += 8 + bytes.readUInt32LE(at + 4)) visit(bytes.readUInt32LE(at) - first, at)
  }
  entries((document) => starts[document + 1]!++)
  for (let i = 0; i < last - first; i++) starts[i + 1]! += starts[i]!
  const places = new Float64Array(starts[last - first]!)
  const next = starts.slice()
  entries((document, at) => (places[next[document]!++] = at))
  for (let document = 0; document < last - first; document++) {
    const own = Array.from(places.subarray(starts[document], starts[document + 1]), (at) =>
      bytes.subarray(at + 8, at + 8 + bytes.readUInt32LE(at + 4)),
    )
    const texts = extras > 0 ? own.map((record) => record.subarray(4, 4 + record.readUInt32LE())) : own
    const parts = texts.flatMap((text, i) => (i === 0 ? [text] : [separator, text]))
    if (extras > 0) {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(parts.reduce((sum, part) => sum + part.length, 0))
      parts.unshift(length)
      parts.push(own[0]!.subarray(4 + texts[0]!.length))
    }
    take(first + document, parts)
  }
}
