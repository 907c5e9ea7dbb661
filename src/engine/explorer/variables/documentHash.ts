import { createHash } from 'node:crypto'

/** Names a document by its stored text: the first 16 hexadecimal digits of its SHA-256. */
export const documentHash = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16)
