import iconv from 'iconv-lite'
import { dosCodePages, type Encoding } from './encodings.ts'

/** Turns bytes of a legacy encoding into text, piece by piece; what is no character becomes U+FFFD. */
export interface TextDecoding {
  write(bytes: Buffer): string
  end(): string
}

const isDos = new Set<Encoding>(dosCodePages)

/** TextDecoder, which knows no code page of DOS but 866; those are iconv-lite's. */
export function textDecoding(encoding: Encoding): TextDecoding {
  if (isDos.has(encoding)) {
    const decoder = iconv.getDecoder(encoding)
    return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' }
  }
  const decoder = new TextDecoder(encoding)
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
}
