import type { TextBlock } from './encoding/blockDecoder.ts'

const [newline, carriageReturn] = [0x0a, 0x0d]
const delimiters = ['\t', ';', ',', '|']

export interface LineEnds {
  push(block: TextBlock): TextBlock
  end(): TextBlock
}

const asTheyAre: LineEnds = { push: (block) => block, end: () => ({ bytes: Buffer.alloc(0), damaged: false }) }

/**
 * How lines of a text end, by its beginning. A carriage return alone ended lines on old Macs, and in files put together from
 * several systems: it is a line end where there is no other outside quotes, or where what it parts are lines with as many fields as others.
 * Elsewhere it belongs to the text.
 */
export function oldLineEnds(head: Buffer): () => LineEnds {
  return endsLines(head) ? returnsToNewlines : () => asTheyAre
}

function endsLines(head: Buffer): boolean {
  if (loneReturns(head).length === 0) return false
  const text = head.toString('latin1')
  if (!text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/gs, '').includes('\n')) return true
  const lines = text.split(/\r?\n/)
  return delimiters.some((delimiter) => {
    const counts = (line: string) => line.split('\r').map((part) => part.split(delimiter).length)
    const parts = lines.filter((line) => line.includes('\r')).flatMap(counts)
    const usual = mostCommon(lines.flatMap(counts))
    return usual > 1 && parts.filter((count) => count === usual).length > 0.6 * parts.length
  })
}

function mostCommon(values: number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0
}

function loneReturns(bytes: Buffer): number[] {
  const found: number[] = []
  // The last byte may be half of a CRLF.
  for (
    let at = bytes.indexOf(carriageReturn);
    at >= 0 && at < bytes.length - 1;
    at = bytes.indexOf(carriageReturn, at + 1)
  )
    if (bytes[at + 1] !== newline) found.push(at)
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
