import { readFile } from 'node:fs/promises'
import { damagedFile, withArtefactFile } from '#engine/files/artefactFile.ts'

const lineEnd = 0x0a

/** The words of a corpus as bytes: word `id` is line `id` of words.txt. Millions of words are no millions of objects. */
export class WordList {
  readonly size: number
  readonly #bytes: Buffer
  /** Where each word begins; one more for the end. */
  readonly #starts: Uint32Array

  private constructor(bytes: Buffer, starts: Uint32Array) {
    this.#bytes = bytes
    this.#starts = starts
    this.size = starts.length - 1
  }

  /** @throws EngineError 'file/damaged' */
  static async load(path: string, size: number): Promise<WordList> {
    await withArtefactFile(path, async (_, bytes) => {
      if (bytes >= 2 ** 32 || bytes < size) throw damagedFile(path, `it has ${bytes} bytes for ${size} words`)
    })
    const bytes = await readFile(path)
    const starts = new Uint32Array(size + 1)
    let found = 0
    for (let at = bytes.indexOf(lineEnd); at >= 0 && found < size; at = bytes.indexOf(lineEnd, at + 1))
      starts[++found] = at + 1
    if (found !== size || starts[size] !== bytes.length) throw damagedFile(path, `it does not hold ${size} lines`)
    return new WordList(bytes, starts)
  }

  static of(words: string[]): WordList {
    const bytes = Buffer.from(words.map((word) => `${word}\n`).join(''))
    const starts = new Uint32Array(words.length + 1)
    words.forEach((word, id) => (starts[id + 1] = starts[id]! + Buffer.byteLength(word) + 1))
    return new WordList(bytes, starts)
  }

  text(id: number): string {
    return this.#bytes.toString('utf8', this.#starts[id], this.#starts[id + 1]! - 1)
  }

  /** The id of a word, or -1. */
  find(word: string): number {
    const wanted = Buffer.from(`${word}\n`)
    for (let at = this.#bytes.indexOf(wanted); at >= 0; at = this.#bytes.indexOf(wanted, at + 1)) {
      if (at === 0 || this.#bytes[at - 1] === lineEnd) return this.#idAt(at)
    }
    return -1
  }

  /** Visits ids `from` to `to` with the places of their bytes, `end` behind the last one. */
  eachBytes(from: number, to: number, visit: (id: number, bytes: Buffer, start: number, end: number) => void): void {
    for (let id = from; id < to; id++) visit(id, this.#bytes, this.#starts[id]!, this.#starts[id + 1]! - 1)
  }

  #idAt(start: number): number {
    let [low, high] = [0, this.size - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! < start) low = middle + 1
      else high = middle
    }
    return low
  }
}
