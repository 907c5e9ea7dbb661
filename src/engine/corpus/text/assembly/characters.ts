/** Code points of UTF-8 text and what the tables of characterTable.ts say of them. */

export const letter: u32 = 1
export const number: u32 = 2
export const underscore: u32 = 4
/** What a word begins with. */
export const start: u32 = letter | number | underscore
export const emoji: u32 = 8
export const regional: u32 = 16
export const space: u32 = 32
/** Of a script without spaces: cut by a dictionary, which is not here. */
export const unspaced: u32 = 64
/** Its lower case depends on the word or has two characters. */
export const special: u32 = 128
export const mark: u32 = 256
/** Left to the expression, with all of the piece that it stands in. */
export const unsettled: u32 = 512
/** Left to it only behind another one. */
export const stacks: u32 = 1024
export const apostrophe: u32 = 2048

let pages: usize = 0
let classes: usize = 0
let lowerPages: usize = 0
let lowers: usize = 0
let leads: usize = 0

/** Tells where the tables are: numbers of blocks of 256 code points, and the blocks. */
export function useTables(pagesAt: usize, classesAt: usize, lowerPagesAt: usize, lowersAt: usize, leadsAt: usize): void {
  pages = pagesAt
  classes = classesAt
  lowerPages = lowerPagesAt
  lowers = lowersAt
  leads = leadsAt
}

/** A byte times this is that byte eight times. */
export const each: u64 = 0x0101010101010101

/** Bytes of the last character that `characterAt` read. */
export let size: usize = 0

/** The code point at an address; the text is valid UTF-8. */
// @ts-ignore: decorator
@inline
export function characterAt(at: usize): u32 {
  const first = <u32>load<u8>(at)
  if (first < 0x80) {
    size = 1
    return first
  }
  const second = <u32>load<u8>(at, 1) & 0x3f
  if (first < 0xe0) {
    size = 2
    return ((first & 0x1f) << 6) | second
  }
  const third = <u32>load<u8>(at, 2) & 0x3f
  if (first < 0xf0) {
    size = 3
    return ((first & 0x0f) << 12) | (second << 6) | third
  }
  size = 4
  return ((first & 0x07) << 18) | (second << 12) | (third << 6) | (<u32>load<u8>(at, 3) & 0x3f)
}

// @ts-ignore: decorator
@inline
export function classOf(character: u32): u32 {
  const page = <usize>load<u16>(pages + ((<usize>character >> 8) << 1))
  return load<u16>(classes + (page << 9) + ((<usize>character & 0xff) << 1))
}

// @ts-ignore: decorator
@inline
export function lowerOf(character: u32): u32 {
  const page = <usize>load<u16>(lowerPages + ((<usize>character >> 8) << 1))
  return character + load<u32>(lowers + (page << 10) + ((<usize>character & 0xff) << 2))
}

/** Writes a code point as UTF-8 and returns the address behind it. */
export function writeCharacter(at: usize, character: u32): usize {
  if (character < 0x80) {
    store<u8>(at, character)
    return at + 1
  }
  if (character < 0x800) {
    store<u8>(at, 0xc0 | (character >> 6))
    store<u8>(at, 0x80 | (character & 0x3f), 1)
    return at + 2
  }
  if (character < 0x10000) {
    store<u8>(at, 0xe0 | (character >> 12))
    store<u8>(at, 0x80 | ((character >> 6) & 0x3f), 1)
    store<u8>(at, 0x80 | (character & 0x3f), 2)
    return at + 3
  }
  store<u8>(at, 0xf0 | (character >> 18))
  store<u8>(at, 0x80 | ((character >> 12) & 0x3f), 1)
  store<u8>(at, 0x80 | ((character >> 6) & 0x3f), 2)
  store<u8>(at, 0x80 | (character & 0x3f), 3)
  return at + 4
}

let seenClasses: u32 = 0

/** Classes of all characters since the last `forgetClasses`. */
// @ts-ignore: decorator
@inline
export function classesSeen(): u32 {
  return seenClasses
}

// @ts-ignore: decorator
@inline
export function forgetClasses(): void {
  seenClasses = 0
}

/** The end of the run of characters of the wanted classes. */
export function runOf(wanted: u32, at: usize, end: usize): usize {
  let seen = seenClasses
  while (at < end) {
    const first = <u32>load<u8>(at)
    let kind: u32
    let length: usize = 1
    if (first < 0x80) kind = load<u16>(classes + (<usize>first << 1))
    else {
      kind = classOf(characterAt(at))
      length = size
    }
    if ((kind & wanted) == 0) break
    seen |= kind
    at += length
  }
  seenClasses = seen
  return at
}

/** The class of the character at an address, 0 at the end. */
// @ts-ignore: decorator
@inline
export function classAt(at: usize, end: usize): u32 {
  if (at >= end) return 0
  const first = <u32>load<u8>(at)
  return first < 0x80 ? <u32>load<u16>(classes + (<usize>first << 1)) : classOf(characterAt(at))
}

/**
 * The end of the piece of text that begins here, at white space, if it is settled: no entity, nothing that joins, and all of it
 * in the normal form. Else 0.
 */
export function settledPiece(at: usize, end: usize): usize {
  let stacked: u32 = 0
  while (at < end) {
    const first = <u32>load<u8>(at)
    if (first < 0x80) {
      const plain = plainBytes(load<u64>(at))
      if (plain > 0) {
        at += plain
        stacked = 0
        continue
      }
      if (first == 0x20) return at
    } else {
      const length = <usize>load<u8>(leads + <usize>first)
      if (length > 0) {
        at += length
        stacked = 0
        continue
      }
    }
    const kind = classOf(characterAt(at))
    if (kind & space) return at
    if (kind & unsettled || (kind & stacked) != 0 || (first == 0x26 && mayBeEntity(at + 1, end))) return 0
    stacked = kind & stacks
    at += size
  }
  return end
}

/** How many of eight bytes come before the first that is no ASCII, below "!" or "&". */
// @ts-ignore: decorator
@inline
function plainBytes(eight: u64): usize {
  const others = eight ^ (each * 0x26)
  const stops = eight | ((eight - each * 0x21) & ~eight) | ((others - each) & ~others)
  return <usize>ctz(stops & (each * 0x80)) >> 3
}

// @ts-ignore: decorator
@inline
function mayBeEntity(at: usize, end: usize): bool {
  if (at >= end) return false
  const next = <u32>load<u8>(at)
  return next == 0x23 || (next | 0x20) - 0x61 < 26
}
