import { createHash } from 'node:crypto'

/** A number in [0, 1) that a text has, as if drawn by chance: the first 48 bits of its SHA-256. */
export const uniformOfText = (text: Uint8Array): number =>
  createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48
