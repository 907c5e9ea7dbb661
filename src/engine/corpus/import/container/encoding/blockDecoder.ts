import { isAscii, isUtf8 } from 'node:buffer'
import type { Encoding } from './encodings.ts'
import { textDecoding } from './textDecoding.ts'

/** A piece of text as valid UTF-8. */
export interface TextBlock {
  bytes: Buffer
  /** Some of its characters are `damagedCharacter`: they were no characters of the encoding. */
  damaged: boolean
}

/** Stands where a character could not be read. No text holds it: it is no character, and never will be one. */
export const damagedCharacter = '\ufdd0'

export interface BlockDecoder {
  /** Text of the file's next bytes; a character that is cut off waits for its rest. */
  push(bytes: Buffer): TextBlock
  end(): TextBlock
}

/** Decodes a file block by block; UTF-8 passes as it is. */
export function blockDecoder(encoding: Encoding): BlockDecoder {
  switch (encoding) {
    case 'utf-8':
      return utf8Decoder()
    case 'windows-1252':
      return { push: fromWindows1252, end: nothing }
    case 'utf-16le':
    case 'utf-16be':
      return utf16Decoder(encoding === 'utf-16be')
    default:
      return legacyDecoder(encoding)
  }
}

/** A legacy encoding. Only GB18030 has U+FFFD, and there it is damage of an earlier conversion. */
function legacyDecoder(encoding: Encoding): BlockDecoder {
  const decoding = textDecoding(encoding)
  function block(text: string): TextBlock {
    const damaged = text.includes('\ufffd')
    return { bytes: Buffer.from(damaged ? text.replaceAll('\ufffd', damagedCharacter) : text), damaged }
  }
  return {
    push: (bytes) => block(decoding.write(bytes)),
    end: () => block(decoding.end()),
  }
}

const nothing = (): TextBlock => ({ bytes: Buffer.alloc(0), damaged: false })

function utf8Decoder(): BlockDecoder {
  let carried = Buffer.alloc(0)
  let begun = false

  const decode = (bytes: Buffer): TextBlock =>
    isUtf8(bytes) ? { bytes, damaged: false } : { bytes: mended(bytes), damaged: true }

  return {
    push(chunk: Buffer) {
      let bytes = carried.length > 0 ? Buffer.concat([carried, chunk]) : chunk
      if (!begun && (bytes.length >= 3 || (bytes.length > 0 && bytes[0] !== 0xef))) {
        begun = true
        if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3)
      }
      const whole = bytes.length - cutOff(bytes)
      // A copy: the chunk's memory is the file reader's.
      carried = Buffer.from(bytes.subarray(whole))
      return decode(bytes.subarray(0, whole))
    },
    end: () => decode(carried),
  }
}

/** What is no UTF-8 becomes the damaged character; U+FFFD that the text itself holds stays. */
function mended(bytes: Buffer): Buffer {
  const replaced = bytes
    .toString('latin1')
    .split('\xef\xbf\xbd')
    .map((piece) => Buffer.from(piece, 'latin1').toString().replaceAll('\ufffd', damagedCharacter))
  return Buffer.from(replaced.join('\ufffd'))
}

/** How many bytes at the end begin a character that is not whole. */
function cutOff(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/** 0x80-0x9f as the WHATWG's encoding standard has them; the others are Latin-1's. */
const windows1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178'
const utf8Of = Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(byte >= 0x80 && byte < 0xa0 ? windows1252[byte - 0x80]! : String.fromCharCode(byte)),
)

/** By a table: in some versions of Node, TextDecoder reads windows-1252 as Latin-1 unless it streams. */
function fromWindows1252(chunk: Buffer): TextBlock {
  if (isAscii(chunk)) return { bytes: chunk, damaged: false }
  const bytes = Buffer.allocUnsafe(3 * chunk.length)
  let length = 0
  for (const byte of chunk) {
    if (byte < 0x80) bytes[length++] = byte
    else for (const part of utf8Of[byte]!) bytes[length++] = part
  }
  return { bytes: bytes.subarray(0, length), damaged: false }
}

function utf16Decoder(bigEndian: boolean): BlockDecoder {
  let carried = Buffer.alloc(0)
  let begun = false

  function decode(bytes: Buffer): TextBlock {
    let text = (bigEndian ? Buffer.from(bytes).swap16() : bytes).toString('utf16le')
    if (!begun && text.startsWith('\ufeff')) text = text.slice(1)
    begun ||= bytes.length > 0
    const damaged = !text.isWellFormed()
    return { bytes: Buffer.from(damaged ? withoutLoneSurrogates(text) : text), damaged }
  }

  return {
    push(chunk: Buffer) {
      const bytes = Buffer.concat([carried, chunk])
      let whole = bytes.length & ~1
      const lastUnit = whole >= 2 ? (bigEndian ? bytes.readUInt16BE(whole - 2) : bytes.readUInt16LE(whole - 2)) : 0
      if (lastUnit >= 0xd800 && lastUnit < 0xdc00) whole -= 2
      carried = Buffer.from(bytes.subarray(whole))
      return decode(bytes.subarray(0, whole))
    },
    end() {
      const block = decode(carried.subarray(0, carried.length & ~1))
      return carried.length % 2 === 0
        ? block
        : { bytes: Buffer.concat([block.bytes, Buffer.from(damagedCharacter)]), damaged: true }
    },
  }
}

/** Halves of characters, as JSON and UTF-16 can hold them, become the damaged character. */
export const withoutLoneSurrogates = (text: string) => text.replace(/\p{Surrogate}/gu, damagedCharacter)
