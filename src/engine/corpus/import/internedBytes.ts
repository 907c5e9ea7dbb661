import { GrowingArray } from '../growingArray.ts'

/**
 * Numbers distinct byte strings from 0 in the order in which they come: an open-addressing table over flat arrays, since
 * a million names as JavaScript strings in a Map take ten times the memory.
 */
export class InternedBytes {
  #slots = new Int32Array(1 << 12).fill(-1)
  #bytes = new Uint8Array(1 << 14)
  readonly #hashes = new GrowingArray(Uint32Array)
  /** Where each string ends. */
  readonly #ends = new GrowingArray(Float64Array)

  get size(): number {
    return this.#ends.length
  }

  /** The number of the string in `bytes[start..end]`. */
  number(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let known = this.#slots[slot]!; known >= 0; known = this.#slots[slot]!) {
      if (this.#hashes.at(known) === hash && this.#equals(known, bytes, start, end)) return known
      slot = (slot + 1) & mask
    }
    const number = this.size
    this.#slots[slot] = number
    this.#hashes.push(hash)
    this.#keep(bytes, start, end)
    if (this.size * 2 > this.#slots.length) this.#widen()
    return number
  }

  /** A string's bytes. */
  bytes(number: number): Uint8Array {
    return this.#bytes.subarray(this.#startOf(number), this.#ends.at(number))
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : this.#ends.at(number - 1)
  }

  #equals(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#startOf(number)
    if (this.#ends.at(number) - from !== end - start) return false
    for (let i = start, at = from; i < end; i++, at++) if (bytes[i] !== this.#bytes[at]) return false
    return true
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const from = this.#startOf(this.size)
    const size = end - start
    if (from + size > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(2 * this.#bytes.length, from + size))
      longer.set(this.#bytes)
      this.#bytes = longer
    }
    this.#bytes.set(bytes.subarray(start, end), from)
    this.#ends.push(from + size)
  }

  #widen(): void {
    const slots = new Int32Array(2 * this.#slots.length).fill(-1)
    const mask = slots.length - 1
    const hashes = this.#hashes.values
    for (let number = 0; number < this.size; number++) {
      let slot = hashes[number]! & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = number
    }
    this.#slots = slots
  }
}
