import { join } from 'node:path'
import { Spool } from '#engine/files/spool.ts'

const blockIds = 1 << 16

/** All tokens of a corpus as ids, on the disk: document after document, to be gone through as often as is needed. */
export class TokenSpool {
  /** Tokens of each document. */
  readonly lengths: Uint32Array
  /** Tokens of all documents. */
  tokens = 0
  readonly #spool: Spool
  readonly #block = new Uint32Array(blockIds)
  #held = 0
  #documents = 0

  constructor(directory: string, documents: number) {
    this.#spool = new Spool(join(directory, 'tokens.spool'))
    this.lengths = new Uint32Array(documents)
  }

  append(ids: Uint32Array, start: number, end: number): void {
    this.lengths[this.#documents++] = end - start
    this.tokens += end - start
    for (let at = start; at < end;) {
      const stop = Math.min(end, at + blockIds - this.#held)
      while (at < stop) this.#block[this.#held++] = ids[at++]!
      if (this.#held === blockIds) this.#flush()
    }
  }

  /**
   * Visits all documents in order; `ids` are valid for the call.
   * @param pause called every few thousand documents
   */
  async each(
    visit: (document: number, ids: Uint32Array) => void,
    pause: (document: number) => Promise<void>,
  ): Promise<void> {
    this.#flush()
    this.#spool.flush()
    let at = 0
    let pausedAt = 0
    for (let document = 0; document < this.#documents; document++) {
      if (at - pausedAt >= pauseBytes || document === 0) {
        pausedAt = at
        await pause(document)
      }
      const bytes = this.#spool.read(at, (at += 4 * this.lengths[document]!))
      visit(document, new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2))
    }
  }

  /** Visits documents in an order of its own: for each one a read from the disk, or from the system's memory of it. */
  async eachOf(
    order: Int32Array,
    visit: (document: number, ids: Uint32Array) => void,
    pause: (visited: number) => Promise<void>,
  ): Promise<void> {
    this.#flush()
    this.#spool.flush()
    const offsets = new Float64Array(this.lengths.length + 1)
    this.lengths.forEach((length, document) => (offsets[document + 1] = offsets[document]! + 4 * length))
    for (let i = 0, bytesSeen = pauseBytes; i < order.length; i++) {
      const document = order[i]!
      if (bytesSeen >= pauseBytes) {
        bytesSeen = 0
        await pause(i)
      }
      const bytes = this.#spool.read(offsets[document]!, offsets[document + 1]!, false)
      bytesSeen += bytes.length
      visit(document, new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2))
    }
  }

  #flush(): void {
    this.#spool.append(new Uint8Array(this.#block.buffer, 0, 4 * this.#held))
    this.#held = 0
  }

  close(): void {
    this.#spool.close()
  }
}

/** A few hundredths of a second's work. */
const pauseBytes = 1 << 22
