import { stat } from 'node:fs/promises'
import { EngineError } from '#protocol/errors.ts'
import { unpackedBytes } from '#engine/files/unpackedBytes.ts'
import { lineSplitter, longestLine, type TakeLine } from './lineSplitter.ts'
import { blockDecoder, NotUtf8, type Encoding, type TextBlock } from './blockDecoder.ts'

export interface TextFile {
  path: string
  encoding: Encoding
}

/** The file's bytes, unpacked; `read` is told of bytes of the file itself. */
async function* fileBytes(path: string, read?: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0
  try {
    for await (const chunk of unpackedBytes(path, read)) {
      bytes += chunk.length
      yield chunk
    }
  } catch (cause) {
    if (!(cause as NodeJS.ErrnoException).code?.startsWith('Z_')) throw cause
    throw new EngineError(
      'import/truncated-gz',
      `${path} is a damaged or cut-off gzip file: it breaks after ${bytes} unpacked bytes (${(cause as Error).message}). Nothing was imported; fetch or copy the file again.`,
      { path, bytes },
      { cause },
    )
  }
}

/**
 * Finds a file's encoding: by its byte order mark, else UTF-8 if the whole file is valid UTF-8, else windows-1252 (which
 * is what "latin1" corpora hold: GeoText uses bytes 0x80-0x9f). Only its beginning is looked at here; reading the rest may
 * throw `NotUtf8`, and then the file is read again `asWindows1252`.
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
    try {
      blockDecoder('utf-8').push(head)
      return { path, encoding: 'utf-8' }
    } catch (error) {
      return asWindows1252(path, error)
    }
  }
  throw new EngineError('import/empty-file', `${path} is empty. Name a file with at least one document.`, { path })
}

/** Corpora hold a stray control character here and there; of other files they are more than a twentieth. */
function isBinary(head: Buffer): boolean {
  const controls = head.reduce((count, byte) => count + (byte < 9 || (byte > 13 && byte < 32) ? 1 : 0), 0)
  return controls > head.length / 20
}

/** A file that reading has found to be no UTF-8; any other error is thrown on. */
export function asWindows1252(path: string, error: unknown): TextFile {
  if (!(error instanceof NotUtf8)) throw error
  return { path, encoding: 'windows-1252' }
}

/**
 * The file's text in pieces of valid UTF-8, whatever its encoding, without a byte order mark.
 * @throws NotUtf8 where it was taken for UTF-8 and is not
 */
export async function* textBlocks({ path, encoding }: TextFile, read?: (bytes: number) => void): AsyncGenerator<TextBlock> {
  const decoder = blockDecoder(encoding)
  for await (const chunk of fileBytes(path, read)) yield decoder.push(chunk)
  yield decoder.end()
}

/** The first lines of a file, without their ends, to guess by; as windows-1252 where they are found to be no UTF-8. */
export async function firstLines(file: TextFile, count: number): Promise<string[]> {
  try {
    return await readLines(file, count)
  } catch (error) {
    return readLines(asWindows1252(file.path, error), count)
  }
}

async function readLines(file: TextFile, count: number): Promise<string[]> {
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
