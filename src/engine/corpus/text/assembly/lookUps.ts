import { hashOf, internHashed, isLeftOut, slotOf } from './words'

/**
 * Finds the records of a text's words, and writes their ids where they belong. A table of millions of words is not in the
 * processor's caches: words are looked up sixteen together, so that it waits for all of them at once. Most words are short
 * and frequent, and do not come that far.
 */

/** Words of up to eight bytes met of late: key, id and length, each at a place that its key says. An id of 0 is no word's. */
let shortWords: usize = 0
const shortWordBits = 13
const shortWordBytes: usize = 16

/** Words that wait: hash, length, address of the bytes, place of the id, place among the short words or 0. */
let waiting: usize = 0
let count: i32 = 0
const together = 16
const waitingBytes: usize = 20

/** Room for the bytes of words that wait. */
let room: usize = 0
let free: usize = 0

/** What the first two rounds read, so that no compiler leaves them out. */
let touched: u32 = 0

/** Places where an id was expected and none came. */
let holes: bool = false

/** @param scratch room for the words of a block, each with eight bytes more */
export function useLookUps(at: usize, scratch: usize): void {
  shortWords = at
  waiting = at + (shortWordBytes << shortWordBits)
  room = free = scratch
}

/** Where the next word's bytes are to be written. */
// @ts-ignore: decorator
@inline
export function wordPlace(): usize {
  return free
}

/** Id of the short word `key` at `knownAt`, -1 where it is not known, 0 where no document keeps it. */
// @ts-ignore: decorator
@inline
export function knownShortWord(place: usize, key: u64, length: usize): i32 {
  return load<u64>(place) == key && load<u32>(place, 12) == <u32>length ? load<i32>(place, 8) : -1
}

/** Where the table of short words would have a word. */
// @ts-ignore: decorator
@inline
export function shortWordPlace(table: usize, key: u64): usize {
  return table + <usize>((key * 0x9e3779b97f4a7c15) >> (64 - shortWordBits)) * shortWordBytes
}

// @ts-ignore: decorator
@inline
export function shortWordTable(): usize {
  return shortWords
}

/**
 * Writes the id of a word of up to eight bytes, now or when the words that wait are looked up.
 * @param key its bytes, with zeros behind
 * @returns the place for the next id
 */
// @ts-ignore: decorator
@inline
export function addShortWord(key: u64, length: usize, id: usize): usize {
  const place = shortWordPlace(shortWords, key)
  const known = knownShortWord(place, key, length)
  if (known >= 0) {
    store<u32>(id, known)
    return known == 0 ? id : id + 4
  }
  store<u64>(free, key)
  return wait(length, id, place)
}

/** The same for a word of any length whose bytes are at `wordPlace()`. */
export function addWord(length: usize, id: usize): usize {
  store<u64>(free + length, 0)
  return length <= 8 ? addShortWord(load<u64>(free), length, id) : wait(length, id, 0)
}

function wait(length: usize, id: usize, place: usize): usize {
  const entry = waiting + <usize>count * waitingBytes
  store<u32>(entry, hashOf(free, length))
  store<u32>(entry, <u32>length, 4)
  store<u32>(entry, <u32>free, 8)
  store<u32>(entry, <u32>id, 12)
  store<u32>(entry, <u32>place, 16)
  free += (length + 15) & ~7
  count++
  if (count == together) lookUp()
  return id + 4
}

function lookUp(): void {
  const last = waiting + <usize>count * waitingBytes
  // Slots, then records: neither round needs what it reads, so that the reads overlap.
  for (let entry = waiting; entry < last; entry += waitingBytes) touched ^= load<u32>(slotOf(load<u32>(entry)))
  for (let entry = waiting; entry < last; entry += waitingBytes) touched ^= load<u32>(<usize>load<u32>(slotOf(load<u32>(entry))))
  for (let entry = waiting; entry < last; entry += waitingBytes) {
    const length = <usize>load<u32>(entry, 4)
    const at = <usize>load<u32>(entry, 8)
    const place = <usize>load<u32>(entry, 16)
    const record = internHashed(load<u32>(entry), at, length)
    const id = isLeftOut(record) ? 0 : record >> 2
    if (id == 0) holes = true
    store<u32>(<usize>load<u32>(entry, 12), id)
    if (place == 0) continue
    store<u64>(place, load<u64>(at))
    store<u32>(place, id, 8)
    store<u32>(place, <u32>length, 12)
  }
  count = 0
  free = room
}

/**
 * Looks up what waits, and closes holes in the ids from `first` to `last`, of which those after `mark` and its two
 * followers are none.
 * @returns where the ids end now
 */
export function settle(first: usize, last: usize, mark: u32): usize {
  if (count > 0) lookUp()
  if (!holes) return last
  holes = false
  let to = first
  for (let from = first; from < last; ) {
    const id = load<u32>(from)
    const size: usize = id == mark ? 12 : 4
    if (id != 0) {
      memory.copy(to, from, size)
      to += size
    }
    from += size
  }
  return to
}
