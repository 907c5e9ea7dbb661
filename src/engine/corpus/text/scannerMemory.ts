import { EngineError } from '#protocol/errors.ts'
import type { PreprocessSettings } from '#protocol/experiment.ts'
import { characterTables } from './characterTable.ts'

/** Text of a block: long enough that messages cost nothing, short enough that a cancel waits for milliseconds. */
export const blockBytes = 1 << 19
/** A word that comes from outside of the blocks is written here; a word of more bytes is known by its beginning. */
export const scratchBytes = 8 * blockBytes
export const blockDocuments = 4096
/** Room for ids: most blocks fit at once, the others are emptied in between. */
const blockIdBytes = 1 << 19

/** One is filled while others wait: where other programs want the processor too, a thread that ran dry would wait for its turn. */
export const blocksPerThread = 4
/** assembly/lookUps.ts: short words that a thread has met of late, and those that wait to be looked up. */
const lookUpBytes = (1 << 17) + 16 * 20
/** assembly/words.ts: new words until a thread looks for room again, and those that wait then. */
const wordsBetweenLooks = 16 + 16

const pageBytes = 65536
/** One page less than WebAssembly can address, so that an end is a number of 32 bits too. */
const mostPages = 65535
const firstSlots = 1 << 16
const fullest = 0.6
/** Words are given room in steps of this; pages that are not used yet take no memory. */
const growthBytes = 1 << 25

/** What the kernel's instances export. */
export interface ScannerKernel {
  useTables(pages: number, classes: number, lowerPages: number, lowers: number, leads: number): void
  useWords(control: number): void
  scan(block: number): number
  intern(at: number, length: number): number
  moveTable(slots: number, mask: number): void
}

/** Where a block lies: its header, texts one after the other, their ends, and tokens of each. */
export interface BlockPlace {
  header: number
  text: number
  ends: number
  counts: number
  ids: number
  scratch: number
  /** What the thread keeps to look words up. */
  lookUps: number
}

/**
 * The one memory that a scanner and its workers share: character tables, blocks of text with the ids found in them, and
 * the words, of which there may be as many as 4 GiB hold.
 */
export interface ScannerMemory {
  memory: WebAssembly.Memory
  /** Arguments of `useTables`. */
  tables: [number, number, number, number, number]
  /** Address of the control block: slots, mask, words, words at most, next free byte, end. */
  control: number
  blocks: BlockPlace[]
  /** A place for a word to intern from this side. */
  scratch: number
  /** Views of the present size; those taken before `makeRoom` may be too short. */
  bytes: Uint8Array
  units: Uint32Array
}

/** @param threads block i is thread i modulo their number's */
export function layOutScanner(threads: number, unicode: PreprocessSettings['unicode']): ScannerMemory {
  const { classes, lowers, leads } = characterTables(unicode)
  const place = placesFrom(pageBytes)
  const tables: ScannerMemory['tables'] = [
    place(classes.pages.byteLength),
    place(classes.values.byteLength),
    place(lowers.pages.byteLength),
    place(lowers.values.byteLength),
    place(leads.byteLength),
  ]
  const control = place(24)
  const blocks = Array.from({ length: blocksPerThread * threads }, () => ({
    header: place(52),
    text: place(blockBytes),
    ends: place(4 * blockDocuments),
    counts: place(4 * blockDocuments),
    ids: place(blockIdBytes),
    // A lower case letter may have more bytes than its capital.
    scratch: place(2 * blockBytes + 32 * wordsBetweenLooks),
    lookUps: 0,
  }))
  for (let thread = 0; thread < threads; thread++) {
    const lookUps = place(lookUpBytes)
    for (let i = thread; i < blocks.length; i += threads) blocks[i]!.lookUps = lookUps
  }
  const scratch = place(scratchBytes + 8)
  const slots = place(4 * firstSlots)
  const next = place(0)
  const pages = Math.ceil((next + growthBytes) / pageBytes)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: mostPages, shared: true })
  const laidOut = { memory, tables, control, blocks, scratch, ...viewsOf(memory) }
  const { bytes, units } = laidOut
  ;[classes.pages, classes.values, lowers.pages, lowers.values, leads].forEach(
    ({ buffer, byteOffset, byteLength }, i) => bytes.set(new Uint8Array(buffer, byteOffset, byteLength), tables[i]!),
  )
  units.set([slots, firstSlots - 1, 0, Math.floor(fullest * firstSlots), next, pages * pageBytes], control >> 2)
  blocks.forEach(({ header, ids, text, ends, counts, scratch: own, lookUps }) => {
    // Every thread may add that much before it looks again: no more than its block holds.
    const roomBytes = threads * (2 * blockBytes + 32 * wordsBetweenLooks)
    units.set([0, 0, text, ids, ids + blockIdBytes, text, ends, counts, own, 0, roomBytes, lookUps, 0], header >> 2)
  })
  return laidOut
}

const viewsOf = ({ buffer }: WebAssembly.Memory) => ({ bytes: new Uint8Array(buffer), units: new Uint32Array(buffer) })

/** Whether so many more words, of so many bytes together, find room. */
export function hasRoom({ units, control }: ScannerMemory, words: number, bytes: number): boolean {
  const at = control >> 2
  return units[at + 2]! + words <= units[at + 3]! && units[at + 4]! + bytes + 32 * words <= units[at + 5]!
}

/**
 * Makes room for more words; no worker may be at work.
 * @throws EngineError 'vocabulary/too-many-words'
 */
export function makeRoom(scanner: ScannerMemory, kernel: ScannerKernel, words: number, bytes: number): void {
  const at = scanner.control >> 2
  const present = scanner.units[at + 1]! + 1
  let slots = present
  while (scanner.units[at + 2]! + words > Math.floor(fullest * slots)) slots *= 2
  grow(
    scanner,
    growthBytes + scanner.blocks.length * 2 * blockBytes + bytes + 32 * words + (slots > present ? 4 * slots : 0),
  )
  if (slots === present) return
  // The old table's place is lost: altogether less than the new one takes.
  const place = scanner.units[at + 4]!
  scanner.units[at + 4] = place + 4 * slots
  kernel.moveTable(place, slots - 1)
  scanner.units[at + 3] = Math.floor(fullest * slots)
}

function grow(scanner: ScannerMemory, wanted: number): void {
  const at = scanner.control >> 2
  const needed = scanner.units[at + 4]! + wanted
  const pages = Math.ceil((needed - scanner.bytes.length) / pageBytes)
  if (pages <= 0) return
  if (scanner.bytes.length / pageBytes + pages > mostPages) {
    throw new EngineError(
      'vocabulary/too-many-words',
      `The corpus has more than ${scanner.units[at + 2]!.toLocaleString('en')} different words, which take more than 4 GiB; expected fewer. Drop mentions or hashtags (preprocess.mentions, preprocess.hashtags), or import less.`,
    )
  }
  scanner.memory.grow(pages)
  Object.assign(scanner, viewsOf(scanner.memory))
  scanner.units[at + 5] = scanner.bytes.length
}

/** Gives out addresses from `start` on, each on a cache line of its own. */
function placesFrom(start: number): (bytes: number) => number {
  let next = start
  return (bytes) => {
    const here = next
    next += 64 * Math.ceil(bytes / 64)
    return here
  }
}
