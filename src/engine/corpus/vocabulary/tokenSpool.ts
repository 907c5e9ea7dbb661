import { join } from 'node:path'
import { Spool } from '#engine/files/spool.ts'

/** All tokens of a corpus as ids, on the disk: document after document, to be gone through as often as is needed. */
export class TokenSpool {
  /** Tokens of each document. */
  readonly lengths: Uint32Array
  readonly #spool: Spool
  #documents = 0

  constructor(directory: string, documents: number) {
    this.#spool = new Spool(join(directory, 'tokens.spool'))
    this.lengths = new Uint32Array(documents)
  }

  get tokens(): number {
    return this.#spool.length / 4
  }

  append(ids: Uint32Array, length: number): void {
    this.#spool.append(new Uint8Array(ids.buffer, ids.byteOffset, 4 * length))
    this.lengths[this.#documents++] = length
  }

  /**
   * Visits all documents in order; `ids` are valid for the call.
   * @param pause called every few thousand documents
   */
  async each(visit: (document: number, ids: Uint32Array) => void, pause: (document: number) => Promise<void>): Promise<void> {
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

  close(): void {
    this.#spool.close()
  }
}

/** A few hundredths of a second's work. */
const pauseBytes = 1 << 22
