/** Hashes of documents' texts, to find equal ones without a second look at them. */

/**
 * MurmurHash3 x86 128 (Appleby 2011), seed 0, into four words of 32 bits. Two different texts of two million have the
 * same one with a probability of about 10^-26.
 */
export function murmur128(bytes: Uint8Array, into: Uint32Array): void {
  const length = bytes.length
  const view = new DataView(bytes.buffer, bytes.byteOffset, length)
  const [c1, c2, c3, c4] = [0x239b961b, 0xab0e9789 | 0, 0x38b34ae5, 0xa1e38b93 | 0]
  let [h1, h2, h3, h4] = [0, 0, 0, 0]
  let at = 0
  for (const whole = length & ~15; at < whole; at += 16) {
    h1 ^= Math.imul(rotate(Math.imul(view.getInt32(at, true), c1), 15), c2)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 4, true), c2), 16), c3)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 8, true), c3), 17), c4)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= Math.imul(rotate(Math.imul(view.getInt32(at + 12, true), c4), 18), c1)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  const tail = [0, 0, 0, 0]
  for (let i = length - 1; i >= at; i--) tail[(i - at) >> 2]! |= bytes[i]! << (8 * ((i - at) & 3))
  if (length - at > 12) h4 ^= Math.imul(rotate(Math.imul(tail[3]!, c4), 18), c1)
  if (length - at > 8) h3 ^= Math.imul(rotate(Math.imul(tail[2]!, c3), 17), c4)
  if (length - at > 4) h2 ^= Math.imul(rotate(Math.imul(tail[1]!, c2), 16), c3)
  if (length - at > 0) h1 ^= Math.imul(rotate(Math.imul(tail[0]!, c1), 15), c2)
  h1 ^= length
  h2 ^= length
  h3 ^= length
  h4 ^= length
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  h1 = mix(h1)
  h2 = mix(h2)
  h3 = mix(h3)
  h4 = mix(h4)
  h1 = (h1 + h2 + h3 + h4) | 0
  into[0] = h1
  into[1] = h2 + h1
  into[2] = h3 + h1
  into[3] = h4 + h1
}

const rotate = (word: number, by: number) => (word << by) | (word >>> (32 - by))

function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}

/** Texts seen, each with the number that it was first seen with. */
export class SeenTexts {
  readonly #slots: Int32Array
  readonly #hashes: Uint32Array
  readonly #hash = new Uint32Array(4)

  /** @param most numbers run from 0 to most - 1 */
  constructor(most: number) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(1.5 * most + 2))).fill(-1)
    this.#hashes = new Uint32Array(4 * most)
  }

  /** The number that an equal text was seen with before, or -1: then it is remembered with this one. */
  see(text: Uint8Array, number: number): number {
    murmur128(text, this.#hash)
    const mask = this.#slots.length - 1
    let slot = this.#hash[0]! & mask
    for (let known = this.#slots[slot]!; known >= 0; known = this.#slots[slot]!) {
      if (this.#isHashOf(known)) return known
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = number
    this.#hashes.set(this.#hash, 4 * number)
    return -1
  }

  #isHashOf(number: number): boolean {
    for (let i = 0; i < 4; i++) if (this.#hashes[4 * number + i] !== this.#hash[i]) return false
    return true
  }
}
