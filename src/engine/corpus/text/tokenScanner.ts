import type { PreprocessSettings } from '#protocol/experiment.ts'
import {
  blockBytes,
  blockDocuments,
  blocksPerThread,
  hasRoom,
  layOutScanner,
  makeRoom,
  type BlockPlace,
  type ScannerMemory,
} from './scannerMemory.ts'
import { startScannerThreads, type ScannerThreads, type ScanState } from './scannerThreads.ts'
import { tokenise, type TokeniserResources } from './tokenise.ts'
import { chosenTokens } from './chosenTokens.ts'
import { leftOut, WordTable } from './wordTable.ts'

const handedBack = 0xffffffff
/** Element of a block's header. */
const handedBackCount = 12
const tableFull = 1
/** Pieces of text that were tokenised slowly, and how long they are at most. */
const mostRemembered = 1 << 14
const longestRemembered = 64
const whiteSpace = [0x20, 0x0a, 0x09, 0x0d]

interface Block extends BlockPlace {
  thread: number
  documents: number
  used: number
  /** Whether its last document goes on in the next block. */
  open: boolean
  scanned: Promise<ScanState> | null
}

/** Takes the tokens of the next document: `ids[start..end]` are of the table of words, and valid for the call. */
export type TakeDocument = (ids: Uint32Array, start: number, end: number) => void

/**
 * Tokenises documents on several threads as `tokenise` does one, into ids of one table of words. Documents come out in the
 * order in which they went in; the number of threads changes nothing but the ids.
 */
export class TokenScanner {
  readonly words: WordTable
  readonly #memory: ScannerMemory
  readonly #threads: ScannerThreads
  readonly #take: TakeDocument
  readonly #tokenise: (text: string) => string[]
  readonly #choose: ((ids: Uint32Array, length: number) => number) | null
  readonly #free: Block[]
  /** Blocks that wait for their ids to be taken, in order. */
  readonly #sent: Block[] = []
  readonly #slowly = new Map<string, Uint32Array>()
  #filling: Block
  #document = new Uint32Array(1 << 12)
  #length = 0

  private constructor(
    memory: ScannerMemory,
    threads: ScannerThreads,
    settings: PreprocessSettings,
    resources: TokeniserResources,
    take: TakeDocument,
  ) {
    this.#memory = memory
    this.#threads = threads
    this.#take = take
    this.words = new WordTable(memory, threads.own)
    this.#choose = chosenTokens(this.words, resources, settings.lowercase)
    // Words are chosen afterwards, whoever found them.
    const all: TokeniserResources = { ...resources, stopWords: new Set(), placeNames: { names: new Set(), longest: 0 } }
    this.#tokenise = (text) => tokenise(text, settings, all).tokens
    const flags = flagsOf(settings, resources)
    this.#free = memory.blocks.map((place, i) => {
      memory.units[(place.header >> 2) + 9] = flags
      return {
        ...place,
        thread: i % (memory.blocks.length / blocksPerThread),
        documents: 0,
        used: 0,
        open: false,
        scanned: null,
      }
    })
    this.#filling = this.#free.shift()!
  }

  /** @param threads at least one */
  static async start(
    settings: PreprocessSettings,
    resources: TokeniserResources,
    threads: number,
    take: TakeDocument,
  ): Promise<TokenScanner> {
    const memory = layOutScanner(threads, settings.unicode)
    return new TokenScanner(memory, await startScannerThreads(memory, threads), settings, resources, take)
  }

  /** Adds a document of valid UTF-8, if there is room for it at once; else `await addSlowly` does. */
  add(text: Uint8Array): boolean {
    const block = this.#filling
    if (text.length > blockBytes - block.used || block.documents === blockDocuments) return false
    this.#put(text, false)
    return true
  }

  async addSlowly(text: Uint8Array): Promise<void> {
    if (this.#filling.documents > 0) await this.#send()
    let rest = text
    while (rest.length > blockBytes) {
      // No token has white space in it.
      const cut = Math.max(...whiteSpace.map((space) => rest.lastIndexOf(space, blockBytes - 1))) + 1
      if (cut > 0) {
        this.#put(rest.subarray(0, cut), true)
        await this.#send()
        rest = rest.subarray(cut)
      } else {
        await this.#drain()
        const ends = whiteSpace.map((space) => rest.indexOf(space, blockBytes)).filter((end) => end > 0)
        const end = Math.min(rest.length, ...ends)
        await this.#collectText(Buffer.from(rest.buffer, rest.byteOffset, end).toString())
        rest = rest.subarray(end)
      }
    }
    this.#put(rest, false)
  }

  /** Waits until every document has been taken. */
  async finish(): Promise<void> {
    if (this.#filling.documents > 0) await this.#send()
    await this.#drain()
  }

  async stop(): Promise<void> {
    await this.#threads.stop()
  }

  #put(text: Uint8Array, open: boolean): void {
    const { bytes, units } = this.#memory
    const block = this.#filling
    bytes.set(text, block.text + block.used)
    block.used += text.length
    units[(block.ends >> 2) + block.documents] = block.text + block.used
    units[(block.counts >> 2) + block.documents] = 0
    block.documents++
    block.open = open
  }

  /** Gives the filled block to its thread, and waits for another one. */
  async #send(): Promise<void> {
    const block = this.#filling
    const header = block.header >> 2
    this.#memory.units.set([block.documents, 0, block.text, block.ids], header)
    this.#memory.units[header + handedBackCount] = 0
    block.scanned = this.#threads.scan(block.thread, block.header)
    this.#sent.push(block)
    if (this.#free.length === 0) await this.#takeFirst()
    this.#filling = this.#free.shift()!
  }

  async #drain(): Promise<void> {
    while (this.#sent.length > 0) await this.#takeFirst()
  }

  async #takeFirst(): Promise<void> {
    const block = this.#sent[0]!
    const taken = { document: 0, tokens: 0 }
    for (;;) {
      const state = await block.scanned!
      if (state !== tableFull) await this.#takeIds(block, taken)
      if (state === 0) break
      if (state === tableFull) await this.#makeRoom(1, 0)
      else {
        this.#memory.units[(block.header >> 2) + 3] = block.ids
        this.#memory.units[(block.header >> 2) + handedBackCount] = 0
        block.scanned = this.#threads.scan(block.thread, block.header)
      }
    }
    this.#sent.shift()
    this.#free.push(Object.assign(block, { documents: 0, used: 0, open: false, scanned: null }))
  }

  /** Once all threads rest; those that stopped for want of room go on. */
  async #makeRoom(words: number, bytes: number): Promise<void> {
    const states = await Promise.all(this.#sent.map(({ scanned }) => scanned!))
    makeRoom(this.#memory, this.#threads.own, words, bytes)
    this.#sent.forEach((block, i) => {
      if (states[i] === tableFull) block.scanned = this.#threads.scan(block.thread, block.header)
    })
  }

  /**
   * Takes the ids that a block holds now. Its documents are counted by tokens and end when all have come.
   * @param taken which document of the block is being collected, and its ids (hand-backs have three) so far
   */
  async #takeIds(block: Block, taken: { document: number; tokens: number }): Promise<void> {
    const { units } = this.#memory
    const bytes = Buffer.from(units.buffer)
    const header = block.header >> 2
    const [scanned, last] = [units[header + 1]!, units[header + 3]! >> 2]
    let at = block.ids >> 2
    const nextHandedBack = (from: number) => {
      const found = units[header + handedBackCount] === 0 ? -1 : units.subarray(from, last).indexOf(handedBack)
      return found < 0 ? last : from + found
    }
    let next = nextHandedBack(at)
    for (; taken.document < block.documents; taken.document++, taken.tokens = 0) {
      const count = units[(block.counts >> 2) + taken.document]!
      const end = Math.min(last, at + count - taken.tokens)
      if (
        this.#choose === null &&
        next >= end &&
        this.#length === 0 &&
        taken.tokens === 0 &&
        taken.document !== scanned &&
        !(block.open && taken.document === block.documents - 1)
      ) {
        this.#take(units, at, end)
        at = end
        continue
      }
      taken.tokens += end - at
      while (at < end) {
        const stop = Math.min(next, end)
        this.#push(units, at, stop)
        at = stop
        if (at < end) {
          const from = block.text + units[at + 1]!
          const text = bytes.toString('utf8', from, from + units[at + 2]!)
          const known = this.#slowly.get(text)
          if (known) this.#push(known, 0, known.length)
          else await this.#collectText(text)
          at += 3
          next = nextHandedBack(at)
        }
      }
      // The document that the scan stopped in goes on.
      if (taken.document === scanned) return
      if (block.open && taken.document === block.documents - 1) return
      this.#finishDocument()
    }
  }

  /** What the kernel does not do is done the slow way, and remembered: the same emoji and entities come again and again. */
  async #collectText(text: string): Promise<void> {
    const tokens = this.#tokenise(text)
    // A unit takes three bytes at most.
    const bytes = tokens.reduce((sum, token) => sum + 3 * token.length, 0)
    if (!hasRoom(this.#memory, tokens.length, bytes)) await this.#makeRoom(tokens.length, bytes)
    const ids = Uint32Array.from(tokens, (token) => this.words.intern(token)).filter(
      (id) => this.words.mark(id) !== leftOut,
    )
    this.#push(ids, 0, ids.length)
    if (text.length > longestRemembered) return
    if (this.#slowly.size === mostRemembered) this.#slowly.clear()
    this.#slowly.set(text, ids)
  }

  #push(ids: Uint32Array, start: number, end: number): void {
    const length = this.#length + end - start
    if (length > this.#document.length) {
      const longer = new Uint32Array(2 * length)
      longer.set(this.#document.subarray(0, this.#length))
      this.#document = longer
    }
    this.#document.set(ids.subarray(start, end), this.#length)
    this.#length = length
  }

  #finishDocument(): void {
    const length = this.#choose ? this.#choose(this.#document, this.#length) : this.#length
    this.#length = 0
    this.#take(this.#document, 0, length)
  }
}

function flagsOf(settings: PreprocessSettings, { tokenisation }: TokeniserResources): number {
  return [
    settings.urls === 'keep',
    settings.mentions === 'keep',
    settings.hashtags === 'keep',
    settings.hashtags === 'word',
    settings.lowercase,
    settings.numbers === 'zero',
    tokenisation === 'answers',
  ].reduce((flags, is, bit) => flags | (is ? 1 << bit : 0), 0)
}
