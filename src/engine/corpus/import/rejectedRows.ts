import { basename, join } from 'node:path'
import type { DuckDb } from '#engine/files/duckDb.ts'
import { chunkRows, writeParquet } from '#engine/files/duckDbColumns.ts'
import { Spool } from '#engine/files/spool.ts'

/** Rows that could not be used, with line and reason, on the disk; and how many there are of each reason. */
export class RejectedRows {
  #byReason = new Map<string, { rows: number; example: string }>()
  readonly #spool: Spool
  readonly #keepRaw: boolean
  #rows = 0

  /** @param keepRaw whether how a row begins is kept */
  constructor(directory: string, keepRaw: boolean) {
    this.#keepRaw = keepRaw
    this.#spool = new Spool(join(directory, 'rejected.spool'))
  }

  get count(): number {
    return this.#rows
  }

  /** Reasons by falling number, with the explanation of one row. */
  get byReason(): { reason: string; rows: number; example: string }[] {
    return [...this.#byReason]
      .map(([reason, { rows, example }]) => ({ reason, rows, example }))
      .sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1))
  }

  /** The same for rows that came after an earlier state. */
  since(before: RejectedRows['byReason']): RejectedRows['byReason'] {
    const known = new Map(before.map(({ reason, rows }) => [reason, rows]))
    return this.byReason
      .map((entry) => ({ ...entry, rows: entry.rows - (known.get(entry.reason) ?? 0) }))
      .filter(({ rows }) => rows > 0)
  }

  add(file: string, line: number, reason: string, explanation: string, raw: string): void {
    this.#rows++
    const known = this.#byReason.get(reason)
    if (known) known.rows++
    else this.#byReason.set(reason, { rows: 1, example: explanation })
    this.#spool.appendNumber(line)
    // A project that is handed on tells nothing of the folders that it was made in.
    for (const text of [basename(file), reason, explanation, this.#keepRaw ? raw.toWellFormed() : '']) {
      const bytes = Buffer.from(text)
      this.#spool.appendNumber(bytes.length)
      this.#spool.append(bytes)
    }
  }

  async write(db: DuckDb, path: string): Promise<void> {
    this.#spool.flush()
    let at = 0
    const number = () => Spool.numberAt(this.#spool.read(at, (at += 4)), 0)
    const names = ['file', 'reason', 'explanation', 'raw']
    const columns = [
      { name: 'line', type: 'INTEGER' as const },
      ...names.map((name) => ({ name, type: 'VARCHAR' as const })),
    ]
    await writeParquet(db, path, columns, 10 * chunkRows, (chunk) => {
      const lines = chunk.integers(0)
      let row = 0
      for (; row < chunkRows && at < this.#spool.length; row++) {
        lines[row] = number()
        for (let column = 1; column <= names.length; column++) {
          const length = number()
          chunk.setString(column, row, this.#spool.read(at, (at += length)))
        }
      }
      return row
    })
  }

  close(): void {
    this.#spool.close()
  }
}
