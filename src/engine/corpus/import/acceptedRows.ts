import { join } from 'node:path'
import { Spool } from '#engine/files/spool.ts'
import { GrowingArray } from '../growingArray.ts'
import { damagedCharacter } from './container/encoding/blockDecoder.ts'
import { InternedBytes } from './internedBytes.ts'
import type { RowFields } from './form/rowFields.ts'

/**
 * The rows that an import has accepted, in order: numbers in memory, texts and further columns on the disk. A row's record
 * is its text; with further columns it begins with the text's length, and each value follows with its length before it.
 */
export class AcceptedRows {
  readonly lat = new GrowingArray(Float64Array)
  readonly lon = new GrowingArray(Float64Array)
  /** Number of the author; -1 for none. */
  readonly authors = new GrowingArray(Int32Array)
  /** Where each row's record begins. */
  readonly offsets = new GrowingArray(Float64Array)
  readonly authorNames = new InternedBytes()
  /** Of each row: 0 train, 1 dev, 2 test. */
  readonly folds = new GrowingArray(Uint8Array)
  readonly spool: Spool

  constructor(directory: string) {
    this.spool = new Spool(join(directory, 'rows.spool'))
  }

  get count(): number {
    return this.lat.length
  }

  /** @param extras fields of further columns; -1 where this file has none */
  add(
    fields: RowFields,
    at: { text: Buffer; textStart: number; textEnd: number; author: number; lat: number; lon: number; fold: number },
    extras: number[],
  ): void {
    this.lat.push(at.lat)
    this.lon.push(at.lon)
    this.authors.push(at.author)
    this.folds.push(at.fold)
    this.offsets.push(this.spool.length)
    if (extras.length > 0) this.spool.appendNumber(at.textEnd - at.textStart)
    this.spool.append(at.text, at.textStart, at.textEnd)
    for (const index of extras) {
      if (index >= 0 && fields.isDamaged(index)) {
        const mended = Buffer.from(fields.text(index).replaceAll(damagedCharacter, '\ufffd'))
        this.spool.appendNumber(mended.length)
        this.spool.append(mended)
      } else {
        const [start, end] = index < 0 ? [0, 0] : [fields.starts[index]!, fields.ends[index]!]
        this.spool.appendNumber(end - start)
        this.spool.append(fields.bytes, start, end)
      }
    }
  }

  /** Where row's record ends. */
  end(row: number): number {
    return row + 1 < this.count ? this.offsets.at(row + 1) : this.spool.length
  }
}
