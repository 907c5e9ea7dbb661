/**
 * The distinct words of a corpus, shared by all workers: an open-addressing table of records. A record is its word's
 * number: hash, a word for the owner's use, length, bytes (zeros up to a multiple of eight). Records are written before
 * a slot names them and never move; of two workers with one new word the second throws its record away.
 */

/** Addresses of what all workers share, in bytes behind the control block: see wordTable.ts. */
let control: usize = 0

export const headerBytes: usize = 12

/** The owner's mark of a word that no document keeps. */
const leftOut: u32 = 2

// @ts-ignore: decorator
@inline
const slotsAt = (): usize => <usize>load<u32>(control)
// @ts-ignore: decorator
@inline
const maskAt = (): u32 => load<u32>(control, 4)

export function useWords(controlAt: usize): void {
  control = controlAt
}

/** So many new words of this worker pass before it looks again whether there is room: the count is one that all write. */
export const lookEvery: u32 = 16
let newWords: u32 = 0

// @ts-ignore: decorator
@inline
export function wordsSinceLook(): u32 {
  return newWords
}

/** Whether the next words may be looked up: the table is not too full, and words of `bytes` together find room. */
export function hasRoom(bytes: usize): bool {
  newWords = 0
  return (
    atomic.load<u32>(control, 8) < load<u32>(control, 12) &&
    <u64>atomic.load<u32>(control, 16) + <u64>bytes + 64 < <u64>load<u32>(control, 20)
  )
}

/** The record of the word of `length` bytes at `at`, behind which there are eight zeros. */
export function intern(at: usize, length: usize): u32 {
  return internHashed(hashOf(at, length), at, length)
}

export function internHashed(hash: u32, at: usize, length: usize): u32 {
  const slots = slotsAt()
  const mask = maskAt()
  let own: u32 = 0
  let slot = hash & mask
  let record = atomic.load<u32>(slots + (<usize>slot << 2))
  while (record == 0 || !isWord(<usize>record, hash, at, length)) {
    if (record == 0) {
      if (own == 0) own = newRecord(hash, at, length)
      record = atomic.cmpxchg<u32>(slots + (<usize>slot << 2), 0, own)
      if (record == 0) {
        atomic.add<u32>(control, 1, 8)
        newWords++
        return own
      }
    } else {
      slot = (slot + 1) & mask
      record = atomic.load<u32>(slots + (<usize>slot << 2))
    }
  }
  return record
}

/** Whether the owner has marked a word as one that no document keeps. */
// @ts-ignore: decorator
@inline
export function isLeftOut(record: u32): bool {
  return load<u32>(<usize>record, 4) >>> 30 == leftOut
}

/** The address of the slot where the search for a hash begins. */
// @ts-ignore: decorator
@inline
export function slotOf(hash: u32): usize {
  return slotsAt() + (<usize>(hash & maskAt()) << 2)
}

function newRecord(hash: u32, at: usize, length: usize): u32 {
  const padded = (length + 7) & ~7
  const record = <usize>atomic.add<u32>(control, <u32>(headerBytes + padded), 16)
  store<u32>(record, hash)
  store<u32>(record, <u32>length, 8)
  memory.copy(record + headerBytes, at, padded)
  return <u32>record
}

// @ts-ignore: decorator
@inline
function isWord(record: usize, hash: u32, at: usize, length: usize): bool {
  if (load<u32>(record) != hash || load<u32>(record, 8) != <u32>length) return false
  for (let i: usize = 0; i < length; i += 8) {
    if (load<u64>(record + headerBytes + i) != load<u64>(at + i)) return false
  }
  return true
}

/** Eight bytes at a time, mixed as in MurmurHash3's finaliser. */
// @ts-ignore: decorator
@inline
export function hashOf(at: usize, length: usize): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15
  for (let i: usize = 0; i < length; i += 8) {
    hash = (hash ^ load<u64>(at + i)) * 0xff51afd7ed558ccd
    hash ^= hash >> 32
  }
  hash *= 0xc4ceb9fe1a85ec53
  return <u32>(hash >> 32)
}

/** Moves all words into a larger table, empty so far; no worker may be at work. */
export function moveTable(slots: usize, mask: u32): void {
  const last = slotsAt() + (<usize>maskAt() << 2)
  for (let old = slotsAt(); old <= last; old += 4) {
    const record = load<u32>(old)
    if (record == 0) continue
    let slot = load<u32>(<usize>record) & mask
    while (load<u32>(slots + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask
    store<u32>(slots + (<usize>slot << 2), record)
  }
  store<u32>(control, <u32>slots)
  store<u32>(control, mask, 4)
}
