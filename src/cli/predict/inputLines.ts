import { TextDecoder } from 'node:util'

/** A line of standard input, counted from 1. */
export interface InputLine {
  line: number
  text: string
}

/**
 * Lines of UTF-8, or of UTF-16 that begins with its mark; the mark is no part of the first one. Only line feeds end a line, with
 * a carriage return before them or not: JSON may hold U+2028, which readers of lines take for one.
 */
export async function* inputLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputLine> {
  let decoder: TextDecoder | null = null
  /** Pieces of the line that has not ended. */
  let held: string[] = []
  let line = 1
  const whole = () => ({ line: line++, text: held.join('').replace(/\r$/, '') })
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk))
    const [first, ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    held.push(first!)
    for (const other of others) {
      yield whole()
      held = [other]
    }
  }
  held.push(decoder?.decode() ?? '')
  if (held.some((piece) => piece !== '')) yield whole()
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}
