import type { TextBlock } from './encoding/blockDecoder.ts'

/** A line of more bytes than this is no document: it is rejected, and only its beginning is kept. */
export const longestLine = 1 << 23
const keptOfTooLong = 4096

/** Takes a line, counted from 1, without its end (LF or CRLF): `bytes[start..end]`, valid for the call. */
export type TakeLine = (
  line: number,
  bytes: Buffer,
  start: number,
  end: number,
  is: { tooLong: boolean; damaged: boolean },
) => void

const plain = { tooLong: false, damaged: false }
const damagedOnly = { tooLong: false, damaged: true }

/** DOS ends a text with this. */
const endOfFile = 0x1a

/** Cuts blocks of text into lines. A last line without an end counts, unless it is the end mark of DOS. */
export function lineSplitter() {
  let line = 1
  let held: Buffer[] = []
  let heldBytes = 0
  let heldDamaged = false
  let tooLong = false

  /** Programs that turn line ends into those of Windows twice write CRCRLF. */
  function withoutReturn(bytes: Buffer, start: number, end: number): number {
    let last = end
    while (last > start && bytes[last - 1] === 0x0d) last--
    return last
  }

  function hold(piece: Buffer, damaged: boolean) {
    heldDamaged ||= damaged
    heldBytes += piece.length
    if (tooLong) return
    // A copy: blocks may be used again.
    held.push(Buffer.from(piece))
    if (heldBytes <= longestLine) return
    tooLong = true
    held = [Buffer.concat(held).subarray(0, keptOfTooLong)]
  }

  function takeHeld(take: TakeLine) {
    const bytes = Buffer.concat(held)
    take(line++, bytes, 0, tooLong ? bytes.length : withoutReturn(bytes, 0, bytes.length), {
      tooLong,
      damaged: heldDamaged,
    })
    held = []
    heldBytes = 0
    heldDamaged = tooLong = false
  }

  return {
    push({ bytes, damaged }: TextBlock, take: TakeLine): void {
      const is = damaged ? damagedOnly : plain
      let start = 0
      if (heldBytes > 0) {
        const end = bytes.indexOf(0x0a)
        hold(bytes.subarray(0, end < 0 ? bytes.length : end), damaged)
        if (end < 0) return
        takeHeld(take)
        start = end + 1
      }
      for (let end = bytes.indexOf(0x0a, start); end >= 0; end = bytes.indexOf(0x0a, start)) {
        take(line++, bytes, start, withoutReturn(bytes, start, end), is)
        start = end + 1
      }
      if (start < bytes.length) hold(bytes.subarray(start), damaged)
    },
    end(take: TakeLine): void {
      if (heldBytes === 0 || (heldBytes === 1 && held[0]![0] === endOfFile)) return
      takeHeld(take)
    },
  }
}
