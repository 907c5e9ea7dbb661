import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { scratchPlace } from './scratchPlace.ts'

const bufferBytes = 1 << 20

/**
 * A temporary file that is written from front to back and read again: what is too large to hold in memory. Calls block,
 * for as long as the system takes to move a megabyte.
 */
export class Spool {
  /** Bytes written so far. */
  length = 0
  /** Null where it has no name any more. */
  readonly #path: string | null
  readonly #file: number
  #buffer = Buffer.allocUnsafe(bufferBytes)
  #held = 0
  #window = new Uint8Array(0)
  #windowStart = 0

  /** @param path where it lies, unless a job of Slurm has a better place for it */
  constructor(path: string) {
    const place = scratchPlace(path)
    // Others use the folder too, and nobody sweeps it: the file has its owner alone, and no name once it is open.
    this.#file = place === path ? openSync(path, 'w+') : openSync(place, 'wx+', 0o600)
    if (place !== path) unlinkSync(place)
    this.#path = place === path ? path : null
  }

  /** @throws what the system says, such as ENOSPC */
  append(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const size = end - start
    if (size > bufferBytes - this.#held) this.flush()
    if (size > bufferBytes) this.#write(bytes, start, end)
    else {
      // Not subarray: a Buffer's takes thrice the time.
      this.#buffer.set(
        start === 0 && end === bytes.length ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset + start, size),
        this.#held,
      )
      this.#held += size
    }
    this.length += size
  }

  appendNumber(value: number): void {
    if (bufferBytes - this.#held < 4) this.flush()
    this.#held = this.#buffer.writeUInt32LE(value, this.#held)
    this.length += 4
  }

  /** The number that `appendNumber` wrote at an offset of bytes. */
  static numberAt(bytes: Uint8Array, at: number): number {
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  }

  flush(): void {
    const held = this.#held
    this.#held = 0
    this.#write(this.#buffer, 0, held)
    this.#window = this.#window.subarray(0, 0)
  }

  /**
   * Bytes `start` to `end` of what was flushed, valid until the next call. Reads that go forwards cost a system call a
   * megabyte.
   * @param ahead whether what follows will be read next
   */
  read(start: number, end: number, ahead = true): Uint8Array {
    if (start < this.#windowStart || end > this.#windowStart + this.#window.length) {
      const size = ahead ? Math.min(Math.max(end - start, bufferBytes), this.length - start) : end - start
      const place = new Uint8Array(
        this.#window.buffer.byteLength >= size ? this.#window.buffer : new ArrayBuffer(Math.max(size, bufferBytes)),
        0,
        size,
      )
      for (let done = 0; done < size;) done += readSync(this.#file, place, done, size - done, start + done)
      this.#window = place
      this.#windowStart = start
    }
    return new Uint8Array(this.#window.buffer, start - this.#windowStart, end - start)
  }

  /** Closes and removes the file. */
  close(): void {
    closeSync(this.#file)
    if (this.#path !== null) unlinkSync(this.#path)
  }

  #write(bytes: Uint8Array, start: number, end: number): void {
    let at = this.length - (bytes === this.#buffer ? end - start : 0)
    while (start < end) {
      const written = writeSync(this.#file, bytes, start, end - start, at)
      start += written
      at += written
    }
  }
}
