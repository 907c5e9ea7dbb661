import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Decompress } from 'fzstd'
import { EngineError } from '#protocol/errors.ts'
import type { SourceReading } from '#protocol/reading.ts'
import { statRegularFile } from '#engine/files/regularFile.ts'
import { unpackedBytes } from '#engine/files/unpackedBytes.ts'
import { refuseKnownBinary, signatureBytes, signatureOf, wrongContainer } from './signatures.ts'
import { damagedArchive, openZip } from './zipArchive.ts'

/** A file by what it is, whatever its name. */
export interface PackedFile {
  path: string
  container: SourceReading['container']
  /** In an archive: the file inside. */
  inside: string | null
  /** Its bytes, unpacked; `read` is told of bytes of the file itself. Not of a workbook or of Parquet. */
  bytes(read?: (bytes: number) => void): AsyncGenerator<Buffer>
}

export const blockBytes = 1 << 18

/**
 * Says what a file is by its first bytes.
 * @throws EngineError 'import/file-missing', 'file/not-a-file', 'import/wrong-container', 'import/damaged-archive'; of `bytes` 'import/truncated-gz'
 */
export async function openPacked(path: string): Promise<PackedFile> {
  const found = await statRegularFile(path).catch((error: unknown) => {
    throw error instanceof EngineError
      ? error
      : new EngineError(
          'import/file-missing',
          `The corpus file ${path} does not exist or may not be read. Name a readable file.`,
          { path },
          { cause: error },
        )
  })
  const head = await bytesAt(path, 0, signatureBytes)
  refuseKnownBinary(path, head)
  const file = (
    container: PackedFile['container'],
    bytes: PackedFile['bytes'],
    inside: string | null = null,
  ): PackedFile => ({ path, container, inside, bytes })
  switch (signatureOf(head)?.kind) {
    case 'gzip':
      return file('gzip', (read) => gunzipped(path, read))
    case 'zstd':
      return file('zstd', (read) => zstdBytes(path, read))
    case 'zip':
      return zipped(path, file)
    case 'parquet':
      if ((await bytesAt(path, Math.max(0, found.size - 4), 4)).toString('latin1') !== 'PAR1') {
        throw new EngineError(
          'import/damaged-parquet',
          `${path} is a Parquet file that was cut off: its end is missing. Fetch or copy the file again.`,
          { path },
        )
      }
      return file('parquet', plainBytes(path))
    default:
      return file('plain', plainBytes(path))
  }
}

/** Bytes of a file from a place on, at most `length`. */
export async function bytesAt(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const plainBytes = (path: string) => (read?: (bytes: number) => void) =>
  counted(createReadStream(path, { highWaterMark: blockBytes }), read)

async function* counted(source: AsyncIterable<Buffer>, read?: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    read?.(chunk.length)
    yield chunk
  }
}

async function* gunzipped(path: string, read?: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0
  try {
    for await (const chunk of unpackedBytes(path, read)) {
      if (bytes === 0) refuseKnownBinary(path, chunk, 'a gzip file around ')
      bytes += chunk.length
      yield chunk
    }
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw new EngineError(
      'import/truncated-gz',
      `${path} is a damaged or cut-off gzip file: it breaks after ${bytes} unpacked bytes (${(cause as Error).message}). Nothing was imported; fetch or copy the file again.`,
      { path, bytes },
      { cause },
    )
  }
}

async function* zstdBytes(path: string, read?: (bytes: number) => void): AsyncGenerator<Buffer> {
  let unpacked: Buffer[] = []
  const stream = new Decompress((chunk) => unpacked.push(Buffer.from(chunk)))
  let bytes = 0
  try {
    for await (const chunk of plainBytes(path)(read)) {
      stream.push(chunk)
      for (const piece of unpacked) {
        if (bytes === 0) refuseKnownBinary(path, piece, 'a zstd file around ')
        bytes += piece.length
        yield piece
      }
      unpacked = []
    }
    stream.push(new Uint8Array(), true)
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw new EngineError(
      'import/damaged-archive',
      `${path} is a zstd file that is damaged, cut off or of a window too large (${(cause as Error).message}). Unpack it with zstd -d --long=31 and import the table inside.`,
      { path },
      { cause },
    )
  }
  for (const piece of unpacked) yield piece
}

const isRubbish = (name: string) => /(^|\/)(__MACOSX\/|\.|Thumbs\.db$)/.test(name)
/** What lies beside the table in archives of data. */
const isAbout = (name: string) =>
  /(^|\/)(read[-_ ]?me|lies ?mich|licen[cs]e|citation|changelog|notice|copying)\b[^/]*$/i.test(name)

/** A workbook, or a zip archive with one file inside. */
async function zipped(
  path: string,
  file: (container: PackedFile['container'], bytes: PackedFile['bytes'], inside?: string) => PackedFile,
): Promise<PackedFile> {
  const archive = await openZip(path)
  archive.close()
  const names = archive.files.map(({ name }) => name).filter((name) => !isRubbish(name))
  const noText = (): never => {
    throw new Error(`${path} has no text.`)
  }
  if (names.includes('xl/workbook.xml')) return file('xlsx', noText)
  if (names.includes('content.xml') && names.includes('mimetype')) return file('ods', noText)
  if (names.includes('xl/workbook.bin'))
    throw wrongContainer(path, 'a binary Excel workbook (.xlsb). Save the sheet as .xlsx or as CSV (UTF-8).')
  if (names.includes('word/document.xml'))
    throw wrongContainer(path, 'a Word document. Save its table as .xlsx or as CSV (UTF-8).')
  if (names.some((name) => name.endsWith('.kml')))
    throw wrongContainer(path, 'a KMZ archive (KML inside). Convert it to a table or to GeoJSON.')
  const tables = names.filter((name) => !isAbout(name) && /\.(csv|tsv|tab|txt|jsonl|ndjson|json|geojson)$/i.test(name))
  const only = tables.length === 1 ? tables[0]! : names.length === 1 ? names[0]! : null
  if (only === null || /\.(gz|zip|xlsx|parquet|pq|zst)$/i.test(only)) {
    const held =
      names.length === 0
        ? 'no file'
        : `${names.slice(0, 5).join(', ')}${names.length > 5 ? `, ... (${names.length} files)` : ''}`
    throw wrongContainer(
      path,
      `a zip archive with ${held}. Expected one table inside: unpack it and import the files that you mean.`,
    )
  }
  return file('zip', (read) => zipEntryBytes(path, only, read), only)
}

async function* zipEntryBytes(path: string, name: string, read?: (bytes: number) => void): AsyncGenerator<Buffer> {
  const archive = await openZip(path)
  try {
    const [{ size }, total] = [await stat(path), archive.files.find((file) => file.name === name)!.bytes]
    let isFirst = true
    for await (const chunk of (await archive.open(name)) as AsyncIterable<Buffer>) {
      if (isFirst) refuseKnownBinary(path, chunk, `a zip archive around ${name}: `)
      isFirst = false
      read?.((chunk.length / Math.max(1, total)) * size)
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof EngineError ? cause : damagedArchive(path, cause)
  } finally {
    archive.close()
  }
}
