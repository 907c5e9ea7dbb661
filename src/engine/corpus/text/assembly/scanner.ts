import {
  apostrophe, characterAt, classAt, classesSeen, classOf, each, emoji, forgetClasses, letter, lowerOf, mark, number, regional, runOf, settledPiece,
  size, space, special, start, underscore, unspaced, useTables, writeCharacter,
} from './characters'
import { addWord, knownShortWord, settle, shortWordPlace, shortWordTable, useLookUps, wordPlace } from './lookUps'
import { hasRoom, intern, lookEvery, moveTable, useWords, wordsSinceLook } from './words'

export { intern, moveTable, useTables, useWords }

/**
 * The tokeniser of tokenise.ts over UTF-8, a block of documents at a time. What it cannot do (scripts without spaces, lower
 * case that depends on the word, entities, joiners, what is not in the normal form) it hands back by its place in the text.
 * tokenScanner.ts says what lies where.
 */

const keepUrls: u32 = 1
const keepMentions: u32 = 2
const keepHashtags: u32 = 4
const hashtagWords: u32 = 8
const lowercase: u32 = 16
const zeroNumbers: u32 = 32
const answers: u32 = 64

/** How a token's characters are changed. */
const folded: u32 = 1
const zeroed: u32 = 2
const plainApostrophes: u32 = 4

export const done: u32 = 0
/** The table of words wants more room. */
export const tableFull: u32 = 1
/** The block's ids are to be taken before it goes on. */
export const idsFull: u32 = 2

const handedBack: u32 = 0xffffffff

let ids: usize = 0
let lastId: usize = 0
let text: usize = 0
let settings: u32 = 0
let handedBackCount: u32 = 0
/** The text is settled up to here. */
let settledEnd: usize = 0

const word: u32 = start | mark

/**
 * Scans the documents of a block from where it stopped.
 * @param block address of the block's header; its state is kept there
 * @returns done, tableFull or idsFull
 */
export function scan(block: usize): u32 {
  const documents = load<u32>(block)
  let document = load<u32>(block, 4)
  let at = <usize>load<u32>(block, 8)
  ids = <usize>load<u32>(block, 12)
  lastId = <usize>load<u32>(block, 16) - 12
  text = <usize>load<u32>(block, 20)
  const ends = <usize>load<u32>(block, 24)
  const counts = <usize>load<u32>(block, 28)
  settings = load<u32>(block, 36)
  settledEnd = 0
  const longestToken = <usize>load<u32>(block, 40)
  useLookUps(<usize>load<u32>(block, 44), <usize>load<u32>(block, 32))
  handedBackCount = load<u32>(block, 48)
  let state = hasRoom(longestToken) ? done : tableFull
  while (state == done && document < documents) {
    const end = <usize>load<u32>(ends + (<usize>document << 2))
    const first = ids
    while (at < end) {
      if (ids > lastId) {
        state = idsFull
        break
      }
      if (wordsSinceLook() >= lookEvery && !hasRoom(longestToken)) {
        state = tableFull
        break
      }
      if (settings & answers) at = answerAt(at, end)
      else {
        at = knownWordsAt(at, end)
        if (at < end && ids <= lastId) at = tokenAt(at, end)
      }
    }
    ids = settle(first, ids, handedBack)
    const count = counts + (<usize>document << 2)
    store<u32>(count, load<u32>(count) + <u32>((ids - first) >> 2))
    if (state != done) break
    document++
  }
  store<u32>(block, document, 4)
  store<u32>(block, <u32>at, 8)
  store<u32>(block, <u32>ids, 12)
  store<u32>(block, handedBackCount, 48)
  return state
}

function answerAt(at: usize, end: usize): usize {
  while (at < end) {
    if ((classAt(at, end) & space) == 0) break
    characterAt(at)
    at += size
  }
  const last = untilSpace(at, end)
  if (last > at) {
    if (settledPiece(at, end) > 0) add(at, at, last, 0)
    else handBack(at, last)
  }
  return last
}

/** Passes over what is no token, takes the next one if there is one before `end`, and returns where it ends. */
function tokenAt(at: usize, end: usize): usize {
  while (at < end) {
    const first = <u32>load<u8>(at)
    if (first == 0x20) {
      at++
      continue
    }
    const mayBeginAddress = first == 0x68 || first == 0x77
    if (isLatin(first)) {
      const last = latinWordAt(at, end, !mayBeginAddress)
      if (last > at) return last
    }
    if (at >= settledEnd) {
      settledEnd = settledPiece(at, end)
      if (settledEnd == 0) {
        const last = untilSpace(at, end)
        handBack(at, last)
        return last
      }
    }
    if (mayBeginAddress) {
      let last = urlEnd(at, end)
      if (last > at) {
        if (settings & keepUrls) add(at, at, last, folded)
        return last
      }
      last = latinWordAt(at, end, true)
      if (last > at) return last
    }
    if (isLatin(first)) return wordAt(letter, at, end)
    const character = characterAt(at)
    const length = size
    const kind = classOf(character)
    if (kind & start) return wordAt(kind, at, end)
    if (first == 0x40 || first == 0x23) {
      if (classAt(at + 1, end) & start) return tagAt(first, at, runOf(word, at + 1, end))
    } else if (first == 0x7c && at + 3 <= end && load<u8>(at, 1) == 0x7c && load<u8>(at, 2) == 0x7c) {
      return at + 3
    } else if (kind & emoji) {
      add(at, at, at + length, folded | zeroed | plainApostrophes)
      return at + length
    } else if (kind & regional && classAt(at + length, end) & regional) {
      add(at, at, at + 2 * length, folded | zeroed | plainApostrophes)
      return at + 2 * length
    }
    at += length
  }
  return at
}

/** The end of an address that begins here, or `at`. */
function urlEnd(at: usize, end: usize): usize {
  let begun = at
  if (load<u8>(at) == 0x77) {
    // "www."
    if (at + 4 < end && load<u32>(at) == 0x2e777777) begun = at + 4
  } else if (at + 7 < end && load<u32>(at) == 0x70747468) {
    // "http", perhaps "s", "://"
    const secure: usize = load<u8>(at, 4) == 0x73 ? 1 : 0
    const colon = at + 4 + secure
    if (colon + 3 < end && load<u8>(colon) == 0x3a && load<u8>(colon, 1) == 0x2f && load<u8>(colon, 2) == 0x2f) begun = colon + 3
  }
  if (begun == at) return at
  const last = untilSpace(begun, end)
  return last > begun ? last : at
}

function untilSpace(at: usize, end: usize): usize {
  while (at < end) {
    if (classAt(at, end) & space) break
    characterAt(at)
    at += size
  }
  return at
}

// @ts-ignore: decorator
@inline
const isDigit = (byte: u32): bool => byte - 0x30 < 10
// @ts-ignore: decorator
@inline
const isLatin = (byte: u32): bool => (byte | 0x20) - 0x61 < 26

/** A mention or a hashtag from `at` to `last`. */
function tagAt(sign: u32, at: usize, last: usize): usize {
  if (sign == 0x40) {
    // A name's digits are the name: numbers inside mentions stay.
    if (settings & keepMentions) add(at, at, last, folded)
  } else if (settings & keepHashtags) add(at, at, last, folded | zeroed)
  else if (settings & hashtagWords) add(at, at + 1, last, folded | zeroed | plainApostrophes)
  return last
}

/** A number, a word of letters or another run of word characters, as the expression of tokenise.ts finds them. */
function wordAt(kind: u32, at: usize, end: usize): usize {
  forgetClasses()
  let last = at
  if ((kind & underscore) == 0) {
    const own = kind & number ? number : letter
    const run = kind & number ? number : letter | mark
    last = runOf(run, at, end)
    let beforeGroup: usize = 0
    while (last < end) {
      const joint = own == number ? numberJoint(last) : apostropheAt(last, end)
      if (joint == 0 || (classAt(last + joint, end) & own) == 0) break
      beforeGroup = last
      last = runOf(run, last + joint, end)
    }
    // A run that goes on in other word characters is given up by its last group; without one it is no such run.
    if (classAt(last, end) & word) last = beforeGroup > 0 ? beforeGroup : at
    if (last > at && own == letter && classesSeen() & unspaced) {
      handBack(at, last)
      return last
    }
  }
  if (last == at) last = runOf(word, at, end)
  add(at, at, last, folded | zeroed | plainApostrophes)
  return last
}

/** The bit 0x80 in each of eight bytes that is no letter from A to Z; `lower` has the bit 0x20 of lower case in all. */
// @ts-ignore: decorator
@inline
function notLatin(lower: u64): u64 {
  const seven = lower & (each * 0x7f)
  return ((seven + each * 0x1f) & ~(seven + each * 0x05) & ~lower & (each * 0x80)) ^ (each * 0x80)
}

/** Bits of ASCII before which a word of letters from A to Z may go on: & ' and digits below 64, A-Z _ ` a-z from there on. */
const joinsBelow64: u64 = 0x03ff00c000000000
const joinsFrom64: u64 = 0x07ffffff87fffffe
/** "." and ":", with which it may be an address. */
const addresses: u64 = 0x0400400000000000

/** Whether a word of letters from A to Z ends before this byte, whatever follows; an ampersand may begin a letter's entity. */
// @ts-ignore: decorator
@inline
function endsWord(next: u32, isNoAddress: bool): bool {
  const joins = next < 64 ? joinsBelow64 | (isNoAddress ? 0 : addresses) : joinsFrom64
  return next < 0x80 && ((joins >> (<u64>next & 63)) & 1) == 0
}

// @ts-ignore: decorator
@inline
const keyOf = (word: u64, length: usize): u64 => word & (<u64>-1 >> (64 - (<u64>length << 3)))

/**
 * Takes words of up to eight letters from A to Z that are known, and the spaces between them: most of a text. Stops at
 * anything else, and says where. What it needs is held in variables of its own, which a processor's registers are.
 */
function knownWordsAt(at: usize, end: usize): usize {
  const keepsCase: u64 = settings & lowercase ? 0 : -1
  const table = shortWordTable()
  const last = lastId
  let id = ids
  while (at < end && id <= last) {
    if (load<u8>(at) == 0x20) {
      at++
      continue
    }
    const raw = load<u64>(at)
    const lower = raw | (each * 0x20)
    const length = <usize>ctz(notLatin(lower)) >> 3
    if (length == 0 || at + length >= end) break
    const next = <u32>load<u8>(at + length)
    if (!endsWord(next, false)) break
    const key = keyOf(lower ^ ((lower ^ raw) & keepsCase), length)
    const known = knownShortWord(shortWordPlace(table, key), key, length)
    if (known < 0) break
    store<u32>(id, known)
    if (known != 0) id += 4
    at += length
  }
  ids = id
  return at
}

/**
 * Adds the word that begins here if it is of letters from A to Z alone, and returns where it ends; else `at`. Eight bytes are
 * looked at together: a letter's, with the bit of lower case, lies from 0x61 to 0x7a.
 */
function latinWordAt(at: usize, end: usize, isNoAddress: bool): usize {
  const place = wordPlace()
  let last = at
  let letters: usize = 8
  while (letters == 8 && last < end) {
    const raw = load<u64>(last)
    const lower = raw | (each * 0x20)
    letters = <usize>ctz(notLatin(lower)) >> 3
    store<u64>(place + (last - at), settings & lowercase ? lower : raw)
    last += letters
  }
  if (last >= end) last = end
  else if (!endsWord(<u32>load<u8>(last), isNoAddress)) return at
  ids = addWord(last - at, ids)
  return last
}

/** Bytes of "." "," or ":", or 0. */
// @ts-ignore: decorator
@inline
function numberJoint(at: usize): usize {
  const byte = load<u8>(at)
  return byte == 0x2e || byte == 0x2c || byte == 0x3a ? 1 : 0
}

/** Bytes of an apostrophe of any kind, or 0. */
// @ts-ignore: decorator
@inline
function apostropheAt(at: usize, end: usize): usize {
  if ((classAt(at, end) & apostrophe) == 0) return 0
  return load<u8>(at) < 0x80 ? 1 : size
}

/** Adds the token from `from` to `last`, changed as `change` and the settings say; what it was found in begins `at`. */
function add(at: usize, from: usize, last: usize, change: u32): void {
  const fold = (change & folded) != 0 && (settings & lowercase) != 0
  const zero = (change & zeroed) != 0 && (settings & zeroNumbers) != 0
  const plain = (change & plainApostrophes) != 0
  const place = wordPlace()
  let out = place
  for (let next = from; next < last; ) {
    const byte = <u32>load<u8>(next)
    if (byte < 0x80) {
      let changed = byte
      if (fold && byte - 0x41 < 26) changed = byte | 0x20
      else if (zero && isDigit(byte)) changed = 0x30
      else if (plain && byte == 0x60) changed = 0x27
      store<u8>(out++, changed)
      next++
      continue
    }
    const character = characterAt(next)
    const isInner = next > from && next + size < last
    next += size
    const kind = classOf(character)
    if (fold && kind & special) {
      handBack(at, last)
      return
    }
    if (zero && kind & number) store<u8>(out++, 0x30)
    else if (plain && isInner && kind & apostrophe) store<u8>(out++, 0x27)
    else out = writeCharacter(out, fold ? lowerOf(character) : character)
  }
  ids = addWord(out - place, ids)
}

/** Leaves a token to the caller: its place in the block's text and its length in bytes. */
function handBack(at: usize, last: usize): void {
  store<u32>(ids, handedBack)
  store<u32>(ids, <u32>(at - text), 4)
  store<u32>(ids, <u32>(last - at), 8)
  ids += 12
  handedBackCount++
}
