import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { pipeline } from 'node:stream'
import { EngineError } from '#protocol/errors.ts'
import { lineSplitter, longestLine, type TakeLine } from './lineSplitter.ts'
import { blockDecoder, type Encoding, type TextBlock } from './blockDecoder.ts'
import { looksLikeUtf8 } from './container/looksLikeUtf8.ts'

export interface TextFile {
  path: string
  encoding: Encoding
}

const blockBytes = 1 << 18

/** Bytes of a file, gunzipped where it is gzip (whatever its name); `read` is told of bytes of the file itself. */
async function* fileBytes(path: string, read: (bytes: number) => void = () => undefined): AsyncGenerator<Buffer> {
  const zipped = await isGzip(path)
  async function* counted(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      read(chunk.length)
      yield chunk
    }
  }
  const source = createReadStream(path, { highWaterMark: blockBytes })
  if (!zipped) {
    yield* counted(source)
    return
  }
  let bytes = 0
  const gunzip = createGunzip({ chunkSize: blockBytes })
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
 * Finds a file's encoding by its beginning: by its byte order mark, else UTF-8 where most of it is, else windows-1252 (which
 * is what "latin1" corpora hold: GeoText uses bytes 0x80-0x9f).
 * @throws EngineError 'import/file-missing', 'import/empty-file', 'import/not-text', 'import/truncated-gz'
 */
export async function openTextFile(path: string): Promise<TextFile> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) {
    throw new EngineError('import/file-missing', `The corpus file ${path} ${found ? 'is not a file' : 'does not exist'}. Name a readable file.`, { path })
  }
  for await (const head of fileBytes(path)) {
    if (head[0] === 0xff && head[1] === 0xfe) return { path, encoding: 'utf-16le' }
    if (head[0] === 0xfe && head[1] === 0xff) return { path, encoding: 'utf-16be' }
    if (isBinary(head)) {
      throw new EngineError('import/not-text', `${path} is not a text file: too much of it is control characters. Expected text, a table, JSON Lines or Parquet.`, { path })
    }
    return { path, encoding: looksLikeUtf8(head, head.length < blockBytes) ? 'utf-8' : 'windows-1252' }
  }
  throw new EngineError('import/empty-file', `${path} is empty. Name a file with at least one document.`, { path })
}

/** Corpora hold a stray control character here and there; of other files they are more than a twentieth. */
function isBinary(head: Buffer): boolean {
  const controls = head.reduce((count, byte) => count + (byte < 9 || (byte > 13 && byte < 32) ? 1 : 0), 0)
  return controls > head.length / 20
}

/**
 * The file's text in pieces of valid UTF-8, whatever its encoding, without a byte order mark.
 */
export async function* textBlocks({ path, encoding }: TextFile, read?: (bytes: number) => void): AsyncGenerator<TextBlock> {
  const decoder = blockDecoder(encoding)
  for await (const chunk of fileBytes(path, read)) yield decoder.push(chunk)
  yield decoder.end()
}

/** The first lines of a file, without their ends, to guess by. */
export async function firstLines(file: TextFile, count: number): Promise<string[]> {
  const found: string[] = []
  const splitter = lineSplitter()
  const take: TakeLine = (_, bytes, start, end) => found.push(bytes.toString('utf8', start, Math.min(end, start + longestLine)))
  for await (const block of textBlocks(file)) {
    splitter.push(block, take)
    if (found.length >= count) break
  }
  if (found.length < count) splitter.end(take)
  return found.slice(0, count)
}
