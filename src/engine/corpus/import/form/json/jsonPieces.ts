import { longestLine } from '../../container/lineSplitter.ts'
import type { JsonLayout } from './jsonLayout.ts'

/** Takes the text of an object, or what stands where one should (`isObject` false), with the line in which it begins. */
export type TakePiece = (line: number, bytes: Buffer, is: { object: boolean; tooLong: boolean }) => void

const [quote, backslash, newline, comma, open, close, openList, closeList] = [
  0x22, 0x5c, 0x0a, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d,
]
const isBetween = (byte: number) =>
  byte === 0x20 || byte === comma || (byte >= 9 && byte <= 13) || byte === 0x1e || byte === 0x3b
const keptOfTooLong = 4096

/**
 * Cuts JSON into the objects that are its rows, byte by byte and in a memory of one object. A library would stop at the
 * first mistake; here a line break inside a string, which JSON does not have, ends a damaged object, and reading goes on with
 * the next one.
 */
export function jsonPieces({ kind, key }: JsonLayout, take: TakePiece) {
  const rowDepth = kind === 'objects' ? 0 : key === null ? 1 : 2
  let line = 1
  let depth = 0
  let inString = false
  let escaped = false
  /** Of a list within an object: the last string at depth 1, and whether the list of the rows is open. */
  let lastString = ''
  let begun = ''
  const isKey = () => depth === 1 && rowDepth === 2
  let isRows = rowDepth < 2
  let pieceLine = 0
  let held: Buffer[] = []
  let heldBytes = 0
  /** What is being read: nothing, an object, or what is none. */
  let piece: 'none' | 'object' | 'other' = 'none'

  function finish(bytes: Buffer, start: number, end: number): void {
    const text = held.length > 0 ? Buffer.concat([...held, bytes.subarray(start, end)]) : bytes.subarray(start, end)
    const isTooLong = heldBytes + end - start > longestLine
    take(pieceLine, isTooLong ? text.subarray(0, keptOfTooLong) : text, {
      object: piece === 'object',
      tooLong: isTooLong,
    })
    held = []
    heldBytes = 0
    piece = 'none'
  }

  function hold(bytes: Buffer): void {
    heldBytes += bytes.length
    if (heldBytes - bytes.length <= longestLine) held.push(Buffer.from(bytes))
  }

  function begin(what: 'object' | 'other'): void {
    piece = what
    pieceLine = line
  }

  return {
    push(bytes: Buffer): void {
      let start = 0
      let stringStart = 0
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at]!
        if (byte === newline) {
          line++
          if (piece === 'other' || (piece === 'object' && inString)) {
            piece = 'other'
            finish(bytes, start, at)
            depth = rowDepth
          }
          inString = escaped = false
          continue
        }
        if (inString) {
          if (escaped) escaped = false
          else if (byte === backslash) escaped = true
          else if (byte === quote) {
            inString = false
            if (isKey()) lastString = begun + bytes.toString('utf8', stringStart, at)
            begun = ''
          }
          continue
        }
        if (piece === 'object') {
          if (byte === quote) inString = true
          else if (byte === open || byte === openList) depth++
          else if ((byte === close || byte === closeList) && --depth === rowDepth) {
            finish(bytes, start, at + 1)
            start = at + 1
          }
          continue
        }
        if (piece === 'other') {
          if (byte === quote) inString = true
          if (byte !== comma && byte !== open && byte !== closeList) continue
          finish(bytes, start, at)
        }
        if (byte === quote) {
          if (depth === rowDepth && isRows) {
            begin('other')
            start = at
          }
          inString = true
          stringStart = at + 1
        } else if (byte === openList && rowDepth === 0) {
          continue
        } else if (byte === open || byte === openList) {
          if (byte === open && depth === rowDepth && isRows) {
            begin('object')
            start = at
          } else if (depth === 1 && rowDepth === 2) isRows = byte === openList && lastString === key
          depth++
        } else if (byte === closeList || (byte === close && !(depth === rowDepth && isRows))) {
          if (depth > 0) depth--
          if (rowDepth === 2 && depth < 2) isRows = false
        } else if (depth === rowDepth && isRows && !isBetween(byte)) {
          begin('other')
          start = at
        }
      }
      if (piece !== 'none') hold(bytes.subarray(start))
      else if (inString && isKey()) begun += bytes.toString('utf8', stringStart)
    },
    end(): void {
      if (piece === 'none') return
      piece = 'other'
      finish(Buffer.alloc(0), 0, 0)
    },
  }
}
