import type { TextBlock } from './encoding/blockDecoder.ts'

const [newline, carriageReturn, tab] = [0x0a, 0x0d, 0x09]

export interface LineEnds {
  push(block: TextBlock): TextBlock
  end(): TextBlock
}

const asTheyAre: LineEnds = { push: (block) => block, end: () => ({ bytes: Buffer.alloc(0), damaged: false }) }

/**
 * How lines of a text end, by its beginning. A carriage return alone ended lines on old Macs, and in files put together from
 * several systems: it is a line end where there is no other, or where what it parts are lines with as many fields as others.
 * Elsewhere it belongs to the text.
 */
export function oldLineEnds(head: Buffer): () => LineEnds {
  return endsLines(head) ? returnsToNewlines : () => asTheyAre
}

function endsLines(head: Buffer): boolean {
  const lone = loneReturns(head)
  if (lone.length === 0) return false
  if (!head.includes(newline)) return true
  const delimiter = [tab, 0x3b, 0x2c, 0x7c].find((byte) => head.includes(byte))
  if (delimiter === undefined) return false
  // Of the lines that hold lone returns: do the parts have as many fields as the most common line without one?
  const [usual, parts] = [new Map<number, number>(), [] as number[]]
  for (let start = 0; start < head.length; ) {
    const found = head.indexOf(newline, start)
    const end = found < 0 ? head.length : found
    const pieces = head.toString('latin1', start, head[end - 1] === carriageReturn ? end - 1 : end).split('\r')
    const counts = pieces.map((piece) => piece.split(String.fromCharCode(delimiter)).length)
    if (pieces.length > 1) parts.push(...counts)
    else usual.set(counts[0]!, (usual.get(counts[0]!) ?? 0) + 1)
    start = end + 1
  }
  const fields = [...usual].sort((a, b) => b[1] - a[1])[0]?.[0] ?? parts[0]!
  return fields > 1 && parts.filter((count) => count === fields).length > 0.8 * parts.length
}

function loneReturns(bytes: Buffer): number[] {
  const found: number[] = []
  // The last byte may be half of a CRLF.
  for (let at = bytes.indexOf(carriageReturn); at >= 0 && at < bytes.length - 1; at = bytes.indexOf(carriageReturn, at + 1)) if (bytes[at + 1] !== newline) found.push(at)
  return found
}

/** Lone returns become newlines; one at the end of a block waits for what follows. */
function returnsToNewlines(): LineEnds {
  let held = false
  return {
    push({ bytes, damaged }) {
      const text = Buffer.concat([Buffer.from(held ? '\r' : ''), bytes])
      held = text.at(-1) === carriageReturn
      for (const at of loneReturns(text)) text[at] = newline
      return { bytes: held ? text.subarray(0, -1) : text, damaged }
    },
    end: () => ({ bytes: Buffer.from(held ? '\n' : ''), damaged: false }),
  }
}
