/** How words that are too rare for the vocabulary are replaced by the token of the one place they occur in. */

/** The token of a place; the character cannot come out of the tokeniser, so no word is taken for it. */
export const placeToken = (name: string) => `⟨${name}⟩`

/** What is known of the rarer words' training occurrences: enough to leave one document out. Rarer words are numbers from 0. */
export class RareWords {
  /** First place seen, and how many documents have the word there. */
  readonly #firstPlace: Int32Array
  readonly #firstDocuments: Int32Array
  /** Another place, or -1; its documents; and whether there is a third. */
  readonly #secondPlace: Int32Array
  readonly #secondDocuments: Int32Array
  readonly #more: Uint8Array
  readonly #lastDocument: Int32Array

  constructor(count: number) {
    this.#firstPlace = new Int32Array(count).fill(-1)
    this.#firstDocuments = new Int32Array(count)
    this.#secondPlace = new Int32Array(count).fill(-1)
    this.#secondDocuments = new Int32Array(count)
    this.#more = new Uint8Array(count)
    this.#lastDocument = new Int32Array(count).fill(-1)
  }

  /** Notes an occurrence in a training document of `place`; a document counts once. */
  see(word: number, document: number, place: number): void {
    if (this.#lastDocument[word] === document) return
    this.#lastDocument[word] = document
    if (this.#firstPlace[word] === -1 || this.#firstPlace[word] === place) {
      this.#firstPlace[word] = place
      this.#firstDocuments[word]!++
    } else if (this.#secondPlace[word] === -1 || this.#secondPlace[word] === place) {
      this.#secondPlace[word] = place
      this.#secondDocuments[word]!++
    } else this.#more[word] = 1
  }

  /** The place whose token stands for the word in a document outside training, or under `naive` in any; -1: discarded. */
  placeOf(word: number): number {
    return this.#more[word] || this.#secondPlace[word] !== -1 ? -1 : this.#firstPlace[word]!
  }

  /** The same for a training document of `ownPlace`, whose own occurrence has no vote (leave-one-out). */
  placeWithout(word: number, ownPlace: number): number {
    if (this.#more[word]) return -1
    const [first, second] = [this.#firstPlace[word]!, this.#secondPlace[word]!]
    const firstLeft = this.#firstDocuments[word]! - (first === ownPlace ? 1 : 0)
    const secondLeft = this.#secondDocuments[word]! - (second === ownPlace ? 1 : 0)
    if (firstLeft > 0 && secondLeft > 0) return -1
    return firstLeft > 0 ? first : secondLeft > 0 ? second : -1
  }

  /** Places whose token stands for some word in some document, ascending. */
  places(leaveOneOut: boolean): Int32Array {
    const found = new Set<number>()
    for (let word = 0; word < this.#more.length; word++) {
      const own = [this.#firstPlace[word]!, this.#secondPlace[word]!]
      const stands = [
        this.placeOf(word),
        ...(leaveOneOut && own[1] !== -1 ? own.map((place) => this.placeWithout(word, place)) : []),
      ]
      for (const place of stands) if (place !== -1) found.add(place)
    }
    return Int32Array.from(found).sort()
  }
}
