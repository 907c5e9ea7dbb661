import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { EngineError } from '#protocol/errors.ts'

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be'

export interface TextFile {
  path: string
  encoding: Encoding
}

/** Bytes of a file, gunzipped where it is gzip (whatever its name); `read` is told of bytes of the file itself. */
async function* fileBytes(path: string, read: (bytes: number) => void = () => undefined): AsyncGenerator<Buffer> {
  const zipped = await isGzip(path)
  async function* counted(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      read(chunk.length)
      yield chunk
    }
  }
  const source = createReadStream(path, { highWaterMark: 1 << 18 })
  if (!zipped) {
    yield* counted(source)
    return
  }
  let bytes = 0
  const gunzip = createGunzip()
  pipeline(source, counted, gunzip, () => undefined)
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length
      yield chunk
    }
  } catch (cause) {
    throw new EngineError(
      'import/truncated-gz',
      `${path} is a damaged or cut-off gzip file: it breaks after ${bytes} unpacked bytes (${(cause as Error).message}). Nothing was imported; fetch or copy the file again.`,
      { path, bytes },
      { cause },
    )
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

/**
 * Finds a file's encoding: by its byte order mark, else UTF-8 if the whole file is valid UTF-8, else windows-1252
 * (which is what "latin1" corpora hold: GeoText uses bytes 0x80-0x9f).
 * @throws EngineError 'import/file-missing', 'import/empty-file', 'import/not-text', 'import/truncated-gz'
 */
export async function openTextFile(path: string, signal?: AbortSignal, wholeFile = true): Promise<TextFile> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) {
    throw new EngineError('import/file-missing', `The corpus file ${path} ${found ? 'is not a file' : 'does not exist'}. Name a readable file.`, { path })
  }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let first = true
  let valid = true
  for await (const chunk of fileBytes(path)) {
    signal?.throwIfAborted()
    if (first) {
      if (chunk[0] === 0xff && chunk[1] === 0xfe) return { path, encoding: 'utf-16le' }
      if (chunk[0] === 0xfe && chunk[1] === 0xff) return { path, encoding: 'utf-16be' }
    }
    if (first && isBinary(chunk)) {
      throw new EngineError('import/not-text', `${path} is not a text file: too much of it is control characters. Expected text, a table, JSON Lines or Parquet.`, { path })
    }
    first = false
    valid &&= decodes(decoder, chunk)
    if (!valid || !wholeFile) return { path, encoding: valid ? 'utf-8' : 'windows-1252' }
  }
  if (first) throw new EngineError('import/empty-file', `${path} is empty. Name a file with at least one document.`, { path })
  return { path, encoding: decodes(decoder) ? 'utf-8' : 'windows-1252' }
}

/** Corpora hold a stray control character here and there; of other files they are more than a twentieth. */
function isBinary(chunk: Buffer): boolean {
  const controls = chunk.reduce((count, byte) => count + (byte < 9 || (byte > 13 && byte < 32) ? 1 : 0), 0)
  return controls > chunk.length / 20
}

function decodes(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined })
    return true
  } catch {
    return false
  }
}

/** The file's text in pieces, without a byte order mark. */
export async function* textChunks({ path, encoding }: TextFile, read?: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of fileBytes(path, read)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

/** A line longer than this is no document: it is rejected, and only its beginning is kept. */
export const longestLine = 1 << 23

export interface Line {
  number: number
  text: string
  tooLong: boolean
}

/** Lines, counted from 1, without their ends (LF or CRLF). A last line without an end counts. */
export async function* lines(file: TextFile, read?: (bytes: number) => void): AsyncGenerator<Line> {
  let number = 1
  let held = ''
  let tooLong = false
  for await (const chunk of textChunks(file, read)) {
    let start = 0
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const text = tooLong ? held : held + chunk.slice(start, end)
      yield { number, text: text.endsWith('\r') ? text.slice(0, -1) : text, tooLong: tooLong || text.length > longestLine }
      number++
      held = ''
      tooLong = false
      start = end + 1
    }
    if (!tooLong) held += chunk.slice(start)
    if (held.length > longestLine) {
      tooLong = true
      held = held.slice(0, 200)
    }
  }
  if (held !== '') yield { number, text: held.endsWith('\r') ? held.slice(0, -1) : held, tooLong }
}

/** Whether text that was read as windows-1252 was written as UTF-8: "Ã¼" for "ü". */
export const isMisread = (encoding: Encoding, text: string) => encoding === 'windows-1252' && /[ÂÃ][^\0-\x7f]/.test(text)

export const misreadWarning = (path: string, rows: number) =>
  `${rows} ${rows === 1 ? 'row' : 'rows'} of ${basename(path)} look like UTF-8, but the file is not UTF-8 throughout and is read as windows-1252 ("Ã¼" for "ü"): its lines seem to be in different encodings. If you can, save all of it as UTF-8 and import it again.`
