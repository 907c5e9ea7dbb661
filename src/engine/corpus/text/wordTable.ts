import { GrowingArray } from '../growingArray.ts'
import { scratchBytes, type ScannerKernel, type ScannerMemory } from './scannerMemory.ts'

/** Bytes of a record before its word: hash, note, length. */
const header = 12
const countMask = 0x3fffffff

/** The mark of words that no document keeps: the scanner knows it too. */
export const leftOut = 2

/**
 * The distinct words that a scanner has found. A word's id is its record's address by four: no array has one element a
 * word, and none moves when words are added. A word carries a count (below 2^30) and a mark (0-3) that are ours to use.
 */
export class WordTable {
  readonly #scanner: ScannerMemory
  readonly #kernel: ScannerKernel

  constructor(scanner: ScannerMemory, kernel: ScannerKernel) {
    this.#scanner = scanner
    this.#kernel = kernel
  }

  /** Distinct words. */
  get size(): number {
    return this.#scanner.units[(this.#scanner.control >> 2) + 2]!
  }

  /** The memory of all records: element `id` is a word's code. */
  get codes(): Uint32Array {
    return this.#scanner.units
  }

  count(id: number): number {
    return this.#scanner.units[id + 1]! & countMask
  }

  /** Counts one occurrence of each. */
  countAll(ids: Uint32Array, start: number, end: number): void {
    const { units } = this.#scanner
    for (let i = start; i < end; i++) units[ids[i]! + 1]!++
  }

  mark(id: number): number {
    return this.#scanner.units[id + 1]! >>> 30
  }

  setMark(id: number, mark: 0 | 1 | 2 | 3): void {
    this.#scanner.units[id + 1] = this.count(id) | (mark << 30)
  }

  text(id: number): string {
    return this.#bytes(id).toString()
  }

  byteLength(id: number): number {
    return this.#scanner.units[id + 2]!
  }

  firstByte(id: number): number {
    return this.#scanner.bytes[4 * id + header]!
  }

  /** Six bytes of the word, zeros behind its end, as a whole number: in the order of code points. */
  prefix(id: number): number {
    const { bytes } = this.#scanner
    const at = 4 * id + header
    const high = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
    const low = (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!
    return high * 0x1000000 + low
  }

  /** Orders words by code point, which is the order of UTF-8's bytes. */
  compare(a: number, b: number): number {
    return Buffer.compare(this.#bytes(a), this.#bytes(b))
  }

  /** The id of a word, which is added where it is new. Of one that the scratch memory has no room for, the beginning stands for the whole. */
  intern(word: string): number {
    const { bytes, scratch } = this.#scanner
    const whole = Buffer.from(word)
    const written = whole.length <= scratchBytes ? whole : Buffer.from(word.slice(0, scratchBytes / 3).toWellFormed())
    bytes.set(written, scratch)
    bytes.fill(0, scratch + written.length, scratch + written.length + 8)
    return this.#kernel.intern(scratch, written.length) >>> 2
  }

  /** The code that `setCode` gave a word. */
  code(id: number): number {
    return this.#scanner.units[id]!
  }

  /** Gives a word a number of 32 bits, for look-ups by id. It takes the place of the word's hash: no word can be added any more. */
  setCode(id: number, code: number): void {
    this.#scanner.units[id] = code
  }

  /** Ids of the words that `wanted` says, in no order that means anything. */
  select(wanted: (id: number) => boolean): Uint32Array {
    const { units, control } = this.#scanner
    const [slots, mask] = [units[control >> 2]! >>> 2, units[(control >> 2) + 1]!]
    const ids = new GrowingArray(Uint32Array)
    for (let slot = slots; slot <= slots + mask; slot++) {
      const record = units[slot]!
      if (record !== 0 && wanted(record >>> 2)) ids.push(record >>> 2)
    }
    return ids.values
  }

  /** Gives all words the same code. */
  setAllCodes(code: number): void {
    this.select((id) => {
      this.setCode(id, code)
      return false
    })
  }

  #bytes(id: number): Buffer {
    return Buffer.from(this.#scanner.memory.buffer, 4 * id + header, this.#scanner.units[id + 2]!)
  }
}
