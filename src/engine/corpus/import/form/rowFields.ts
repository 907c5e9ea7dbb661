import { damagedCharacter, withoutLoneSurrogates } from '../container/encoding/blockDecoder.ts'

/**
 * The fields of a row as bytes of UTF-8: field i is `bytes[starts[i]..ends[i]]`. One object serves all rows of a source,
 * so that a row costs no object; it holds a row only until the next.
 */
export class RowFields {
  bytes: Buffer = Buffer.alloc(1 << 12)
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** The row may hold the damaged character. */
  damaged = false
  /** The row may hold bytes 0. */
  mayHaveNul = false
  #own = this.bytes

  constructor(count: number) {
    this.starts = new Int32Array(count)
    this.ends = new Int32Array(count)
  }

  get count(): number {
    return this.starts.length
  }

  text(index: number): string {
    return this.bytes.toString('utf8', this.starts[index], this.ends[index])
  }

  isDamaged(index: number): boolean {
    return this.damaged && this.text(index).includes(damagedCharacter)
  }

  /** All fields between tabs, at most `most` characters: what the table of rejects keeps. */
  raw(most: number): string {
    return Array.from(this.starts, (_, index) =>
      this.bytes.toString('utf8', this.starts[index], Math.min(this.ends[index]!, this.starts[index]! + 4 * most)),
    )
      .join('\t')
      .slice(0, most)
  }

  /** Takes strings as fields; halves of characters become the damaged character. */
  setTexts(texts: string[]): void {
    this.damaged = false
    this.mayHaveNul = true
    let at = 0
    texts.forEach((text, index) => {
      const whole = text.isWellFormed() ? text : withoutLoneSurrogates(text)
      if (whole !== text || text.includes(damagedCharacter)) this.damaged = true
      if (at + 3 * whole.length > this.#own.length) this.#own = Buffer.concat([this.#own], 2 * (at + 3 * whole.length))
      this.starts[index] = at
      at += this.#own.write(whole, at)
      this.ends[index] = at
    })
    this.bytes = this.#own
  }

  /** Takes valid UTF-8 as fields. */
  setBytes(values: Uint8Array[]): void {
    this.damaged = false
    this.mayHaveNul = true
    let at = 0
    values.forEach((value, index) => {
      if (at + value.length > this.#own.length) this.#own = Buffer.concat([this.#own], 2 * (at + value.length))
      this.#own.set(value, at)
      this.starts[index] = at
      at += value.length
      this.ends[index] = at
    })
    this.bytes = this.#own
  }
}
