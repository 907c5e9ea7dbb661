import type { PreprocessSettings } from '#protocol/experiment.ts'
import { qualifiedEmoji } from './emoji.ts'
import { normalForm } from './readableText.ts'

/** Planes of Unicode; the others hold nothing yet, or private use. */
const planes = [0, 1, 2, 3, 14]
const planesWithCase = 2
const planesWithForms = 3
/** The one of the highest class: every other that has a class goes before it. */
const lastMark = '\u0345'

/** Character classes of the tokeniser's expression, as bits, and how many planes have them; assembly/characters.ts reads them. */
const classes: [bit: number, expression: RegExp, planes: number][] = [
  [1, /\p{L}+/gu, 5],
  [2, /\p{N}+/gu, 2],
  [4, /_+/g, 1],
  [16, /\p{Regional_Indicator}+/gu, 2],
  [32, /\s+/g, 1],
  [
    64,
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu,
    4,
  ],
  [256, /(?:(?![\ufe0e\ufe0f\u20e3])[\p{M}˞˥-˭꜀-꜖])+/gu, 5],
  // What joins, hides, or makes an emoji of its neighbours.
  [512, /[\u00ad\u200c\u200d\u2060\ufe0e\ufe0f\u20e3\p{Emoji_Modifier}\u{e0020}-\u{e007f}]+/gu, 5],
  [2048, /['’‘‛`´′＇՚ʼʻ]+/g, 1],
]
const emoji = 8
const space = 32
const special = 128
const unsettled = 512
const stacks = 1024

type NormalForm = PreprocessSettings['unicode']

/** A value for every code point: pages of 256, equal ones stored once. */
export interface CharacterTable<Values> {
  pages: Uint16Array
  values: Values
}

export interface CharacterTables {
  classes: CharacterTable<Uint16Array>
  /** What is added to a code point for its lower case, modulo 2^32. */
  lowers: CharacterTable<Uint32Array>
  /** Bytes of the character that a first byte of UTF-8 begins; 0 where it may be white space, or be left to the expression. */
  leads: Uint8Array
}

const made = new Map<NormalForm, CharacterTables>()

/** Tables of all code points, from the Unicode properties that this JavaScript knows. */
export function characterTables(unicode: NormalForm): CharacterTables {
  const tables = made.get(unicode) ?? makeTables(unicode)
  made.set(unicode, tables)
  return tables
}

function makeTables(unicode: NormalForm): CharacterTables {
  const kinds = new Uint16Array(0x110000)
  const lowers = new Uint32Array(0x110000)
  for (const [order, plane] of planes.entries()) {
    const text = charactersOf(plane)
    const codePointAt = (index: number) => 0x10000 * plane + (plane > 0 ? index >> 1 : index)
    for (const [bit, expression, planeCount] of classes) {
      if (order >= planeCount) continue
      for (const { 0: run, index } of text.matchAll(expression)) {
        const last = codePointAt(index + run.length)
        for (let point = codePointAt(index); point < last; point++) kinds[point]! |= bit
      }
    }
    if (order >= planesWithCase) continue
    for (const { 0: character, index } of text.matchAll(/\p{Extended_Pictographic}/gu)) {
      kinds[codePointAt(index)]! |= qualifiedEmoji(character) === character ? emoji : unsettled
    }
    for (const { 0: character, index } of text.matchAll(/\p{Changes_When_Lowercased}/gu)) {
      const [from, lower] = [codePointAt(index), character.toLowerCase()]
      const to = lower.codePointAt(0)!
      // A capital sigma is written differently at a word's end.
      if (lower.length !== (to > 0xffff ? 2 : 1) || character === 'Σ') kinds[from]! |= special
      else lowers[from] = to - from
    }
  }
  if (unicode !== 'none') markUnsettled(kinds, unicode)
  return { classes: paged(kinds), lowers: paged(lowers), leads: leadsOf(kinds) }
}

/**
 * Marks what a text in the normal form does not hold, what may be composed with the character before it, and marks that may
 * stand in another order than they should where two of them follow each other (Unicode Standard Annex 15, section 9).
 */
function markUnsettled(kinds: Uint16Array, unicode: NormalForm): void {
  for (let first = 0; first < 0x10000 * planesWithForms; first += 256) {
    const page = Array.from({ length: 256 }, (_, i) => String.fromCodePoint(first + i))
    const together = page.join('\0')
    if (together.normalize('NFKD') === together && !/\p{M}/u.test(together)) continue
    page.forEach((character, i) => {
      if (normalForm(character, unicode) !== character) kinds[first + i]! |= unsettled
      const [, ...composable] = character.normalize('NFD')
      if (character.normalize('NFC') === character)
        for (const part of composable) kinds[part.codePointAt(0)!]! |= unsettled
      if (character === lastMark || (lastMark + character).normalize('NFD') !== lastMark + character)
        kinds[first + i]! |= stacks
    })
  }
}

function leadsOf(kinds: Uint16Array): Uint8Array {
  const leads = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4))
  kinds.forEach((kind, point) => {
    if (kind & (space | unsettled | stacks)) leads[Buffer.from(String.fromCodePoint(point))[0]!] = 0
  })
  return leads
}

/** All characters of a plane in order, surrogates of the first one too: two units each beyond it. */
function charactersOf(plane: number): string {
  if (plane === 0) return Buffer.from(Uint16Array.from({ length: 0x10000 }, (_, i) => i).buffer).toString('utf16le')
  const units = new Uint16Array(0x20000)
  for (let i = 0; i < 0x10000; i++) {
    const offset = (plane - 1) * 0x10000 + i
    units[2 * i] = 0xd800 + (offset >> 10)
    units[2 * i + 1] = 0xdc00 + (offset & 0x3ff)
  }
  return Buffer.from(units.buffer).toString('utf16le')
}

function paged<Values extends Uint16Array | Uint32Array>(all: Values): CharacterTable<Values> {
  const empty = Buffer.alloc(256 * all.BYTES_PER_ELEMENT)
  const known = new Map<string, number>()
  const pages = new Uint16Array(0x1100)
  let emptyPage: number | null = null
  for (let page = 0; page < pages.length; page++) {
    const bytes = Buffer.from(all.buffer, page * empty.length, empty.length)
    // Most pages are empty: no string for them. Page 0, of ASCII, is the first kept: the scanner relies on it.
    const isEmpty = bytes.equals(empty)
    if (isEmpty && emptyPage !== null) {
      pages[page] = emptyPage
      continue
    }
    const key = bytes.toString('latin1')
    if (!known.has(key)) known.set(key, known.size)
    pages[page] = known.get(key)!
    if (isEmpty) emptyPage = pages[page]!
  }
  const values = new (all.constructor as new (length: number) => Values)(256 * known.size)
  pages.forEach((number, page) => values.set(all.subarray(256 * page, 256 * (page + 1)) as Values, 256 * number))
  return { pages, values }
}
