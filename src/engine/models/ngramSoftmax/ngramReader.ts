import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import { mixedHash } from '#engine/models/learning/mixedHash.ts'
import { cleanText } from './cleanText.ts'

/** Words: letters, digits and inner apostrophes, @name, #tag, or a single emoji. */
const words = /[@#]?[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}]+)*|\p{Extended_Pictographic}/gu
const stretches = /\S+/gu

/** Words have the first 2^22 slots, n-grams of characters the next 2^24. */
export const wordSlots = 1 << 22
const characterBits = 24
export const slotCount = wordSlots + (1 << characterBits)

const blank = 32

export interface NgramReading extends Pick<NgramSoftmaxSettings, 'characters' | 'mentions' | 'hashtags'> {
  /** Survey answers are parted by spaces and left as they are; they have no characters. */
  tokenisation: 'text' | 'answers'
}

/**
 * Reads texts as n-grams: words, and sequences of `characters` within a stretch that has no white space, with a blank on
 * both sides. An n-gram is known by a hash alone, its slot: two share one as seldom as such a number of slots allows.
 * The arrays hold one text's n-grams until the next is read.
 */
export class NgramReader {
  count = 0
  /** Slot of each n-gram, in the order of the text. */
  slots: Int32Array = new Int32Array(1024)
  /** Characters of the text that each covers, blanks left out. */
  starts: Int32Array = new Int32Array(1024)
  ends: Int32Array = new Int32Array(1024)
  private readonly reading: NgramReading
  private codes: Int32Array = new Int32Array(256)
  private places: Int32Array = new Int32Array(256)

  constructor(reading: NgramReading) {
    this.reading = reading
  }

  read(text: string): void {
    this.count = 0
    if (this.reading.tokenisation === 'answers') return this.readWords(text, stretches)
    const clean = cleanText(text, this.reading)
    this.readWords(clean, words)
    if (this.reading.characters !== 'none') this.readCharacters(clean, ...this.reading.characters)
  }

  private readWords(text: string, expression: RegExp): void {
    expression.lastIndex = 0
    for (let found = expression.exec(text); found; found = expression.exec(text)) {
      const [word] = found
      let hash = 0x811c9dc5
      for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
      this.add(mixedHash(hash) & (wordSlots - 1), found.index, found.index + word.length)
    }
  }

  private readCharacters(text: string, least: number, most: number): void {
    for (let at = 0; at < text.length;) {
      if (isSpace(text.charCodeAt(at))) {
        at++
        continue
      }
      const start = at
      let length = 1
      this.codes[0] = blank
      this.places[0] = start
      while (at < text.length && !isSpace(text.charCodeAt(at))) {
        // The last two places are for the blank behind and for where it stands.
        if (length + 2 >= this.codes.length) this.widen()
        const code = text.codePointAt(at)!
        this.codes[length] = code
        this.places[length++] = at
        at += code > 0xffff ? 2 : 1
      }
      this.codes[length] = blank
      this.places[length++] = at
      this.places[length] = at
      this.readStretch(length, least, most)
    }
  }

  /** N-grams of `codes[0..length - 1]`, of which the first and the last are blanks. */
  private readStretch(length: number, least: number, most: number): void {
    const { codes, places } = this
    for (let from = 0; from < length; from++) {
      let hash = 0x2b992ddf
      const longest = Math.min(most, length - from)
      for (let n = 1; n <= longest; n++) {
        hash = Math.imul(hash ^ codes[from + n - 1]!, 0x01000193)
        // A blank alone says nothing.
        if (n < least || (n === 1 && codes[from] === blank)) continue
        this.add(wordSlots + (mixedHash(hash + n) >>> (32 - characterBits)), places[from]!, places[from + n]!)
      }
    }
  }

  private add(slot: number, start: number, end: number): void {
    if (this.count === this.slots.length) {
      this.slots = doubled(this.slots)
      this.starts = doubled(this.starts)
      this.ends = doubled(this.ends)
    }
    this.slots[this.count] = slot
    this.starts[this.count] = start
    this.ends[this.count++] = end
  }

  private widen(): void {
    this.codes = doubled(this.codes)
    this.places = doubled(this.places)
  }
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(2 * values.length)
  wider.set(values)
  return wider
}

/** White space as regular expressions have it, of the basic plane. */
const isSpace = (code: number) =>
  code === 32 ||
  (code >= 9 && code <= 13) ||
  code === 0xa0 ||
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x200a) ||
  code === 0x2028 ||
  code === 0x2029 ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000 ||
  code === 0xfeff
