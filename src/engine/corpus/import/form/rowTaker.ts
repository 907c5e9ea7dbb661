import type { TextBlock } from '../container/encoding/blockDecoder.ts'
import type { RowFields } from './rowFields.ts'

/** Takes the rows of a source one after the other; what it is given lives for the call. */
export interface RowTaker {
  row(line: number, fields: RowFields): void
  reject(line: number, reason: string, explanation: string, raw: string): void
}

/** Gives all rows to `taker`, pausing now and then so that a cancel gets in. */
export type ReadRows = (taker: RowTaker) => AsyncGenerator<void>

/** The form of a text: its columns, and its rows from blocks of it. */
export interface TextForm {
  columns: string[]
  rows(blocks: AsyncIterable<TextBlock>, taker: RowTaker): AsyncGenerator<void>
}

/** How many characters of a bad row the rejects table keeps. */
export const keptOfRejected = 1000

/** The beginning of a bad line, as the rejects table keeps it. */
export const textOf = (bytes: Buffer, start: number, end: number) =>
  bytes.toString('utf8', start, Math.min(end, start + 4 * keptOfRejected)).slice(0, keptOfRejected)

export const tooLong = { reason: 'line-too-long', explanation: 'The line is longer than 8 MiB.' }
