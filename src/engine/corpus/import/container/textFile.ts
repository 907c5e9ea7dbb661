import { isAscii } from 'node:buffer'
import { stat } from 'node:fs/promises'
import { EngineError } from '#protocol/errors.ts'
import { blockDecoder, type BlockDecoder, type TextBlock } from './encoding/blockDecoder.ts'
import { encodingNamed, type Encoding } from './encoding/encodings.ts'
import { findEncoding } from './encoding/findEncoding.ts'
import { oldLineEnds } from './oldLineEnds.ts'
import { blockBytes, bytesAt, type PackedFile } from './packedFile.ts'

export interface TextFile {
  path: string
  encoding: Encoding
  /** The text's beginning in whole lines, about a megabyte, to guess by. */
  head: TextBlock
  /** `head` is all of it. */
  isWhole: boolean
  /** Whole lines from further places of the file, where it can be read anywhere. */
  spots: Buffer[]
  /** The text in pieces of valid UTF-8, whatever its encoding, without a byte order mark, lines ending with LF or CRLF. */
  blocks(read?: (bytes: number) => void): AsyncGenerator<TextBlock>
  notes: string[]
}

const headBytes = 1 << 20
const spotBytes = 1 << 15
const spotCount = 16

/**
 * Opens a file as text. Its encoding is found by its beginning and by samples from all over it; where these are ASCII, by
 * the first part that is not, while it is read: nothing is read twice but the beginning.
 * @throws EngineError 'import/empty-file', 'import/not-text', and as the container has them
 */
export async function openTextFile(packed: PackedFile, wanted?: string): Promise<TextFile> {
  const { path } = packed
  const { bytes: head, isWhole } = await beginning(packed)
  if (head.length === 0)
    throw new EngineError('import/empty-file', `${path} is empty. Name a file with at least one document.`, { path })
  const rawSpots = isWhole || packed.container !== 'plain' ? [] : await spotsOf(path)
  const sample = Buffer.concat([isWhole ? head : withoutCutLine(head), ...rawSpots])
  const found = wanted === undefined ? findEncoding(sample, isWhole) : { encoding: encodingNamed(wanted), note: null }
  if (!found.encoding.startsWith('utf-16') && isBinary(head.subarray(0, blockBytes))) {
    throw new EngineError(
      'import/not-text',
      `${path} is not a text file: too much of it is control characters. Expected text, a table (CSV, .xlsx), JSON, JSON Lines or Parquet.`,
      { path },
    )
  }
  const isOpen = wanted === undefined && !isWhole && found.encoding === 'utf-8' && isAscii(sample)
  const notes = found.note === null ? [] : [found.note]
  const file: TextFile = {
    path,
    encoding: found.encoding,
    head: { bytes: Buffer.alloc(0), damaged: false },
    isWhole,
    spots: [],
    blocks,
    notes,
  }

  function decoder(): BlockDecoder {
    if (!isOpen) return blockDecoder(file.encoding)
    return lateDecoder((late) => {
      file.encoding = late.encoding
      if (late.note !== null) notes.push(late.note)
    })
  }

  const first = decodeAll(head, blockDecoder(found.encoding), isWhole)
  const lineEnds = oldLineEnds(first.bytes)
  async function* blocks(read?: (bytes: number) => void): AsyncGenerator<TextBlock> {
    const decoding = decoder()
    const ends = lineEnds()
    for await (const chunk of packed.bytes(read)) yield ends.push(decoding.push(chunk))
    yield ends.push(decoding.end())
    yield ends.end()
  }

  const ended = lineEnds().push(first)
  file.head = { bytes: isWhole ? ended.bytes : withoutCutLine(ended.bytes), damaged: ended.damaged }
  file.spots = rawSpots.map((spot) => decodeAll(spot, blockDecoder(found.encoding), false).bytes)
  return file
}

async function beginning({ bytes }: PackedFile): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of bytes()) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= headBytes) return { bytes: Buffer.concat(chunks), isWhole: false }
  }
  return { bytes: Buffer.concat(chunks), isWhole: true }
}

/** Pieces from all over a file that begin and end with a line; an even number of bytes before each, for UTF-16. */
async function spotsOf(path: string): Promise<Buffer[]> {
  const { size } = await stat(path)
  const spots: Buffer[] = []
  for (let i = 1; i <= spotCount; i++) {
    const at = Math.floor((size / (spotCount + 1)) * i) & ~1
    if (at < headBytes) continue
    const bytes = await bytesAt(path, at, spotBytes)
    const [start, end] = [bytes.indexOf(0x0a) + 1, bytes.lastIndexOf(0x0a) + 1]
    if (end > start) spots.push(bytes.subarray(start, end))
  }
  return spots
}

/** Corpora hold a stray control character here and there; of other files they are more than a twentieth. */
function isBinary(head: Buffer): boolean {
  const controls = head.reduce(
    (count, byte) => count + (byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) ? 1 : 0),
    0,
  )
  return controls > head.length / 20
}

function decodeAll(bytes: Buffer, decoder: BlockDecoder, isEnd: boolean): TextBlock {
  const [text, rest] = [decoder.push(bytes), isEnd ? decoder.end() : { bytes: Buffer.alloc(0), damaged: false }]
  return {
    bytes: rest.bytes.length > 0 ? Buffer.concat([text.bytes, rest.bytes]) : text.bytes,
    damaged: text.damaged || rest.damaged,
  }
}

/** Without a last line that is cut off, unless it is the only one. */
const withoutCutLine = (bytes: Buffer) => bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1 || bytes.length)

/** Takes ASCII as it is, and finds the encoding by the first block that is not. */
function lateDecoder(found: (late: ReturnType<typeof findEncoding>) => void): BlockDecoder {
  let decoder: BlockDecoder | null = null
  return {
    push(chunk) {
      if (!decoder && isAscii(chunk)) return { bytes: chunk, damaged: false }
      if (!decoder) {
        const late = findEncoding(chunk, chunk.length < blockBytes)
        found(late)
        decoder = blockDecoder(late.encoding)
      }
      return decoder.push(chunk)
    },
    end: () => decoder?.end() ?? { bytes: Buffer.alloc(0), damaged: false },
  }
}
