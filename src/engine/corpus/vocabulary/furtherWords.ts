/** Numbers of words that a vocabulary lacks: the next ones after its own, in the order in which the words come. */
export class FurtherWords {
  readonly #vocabulary: string[]
  readonly #further: string[] = []
  readonly #ids = new Map<string, number>()

  constructor(vocabulary: string[]) {
    this.#vocabulary = vocabulary
  }

  idOf(word: string): number {
    const known = this.#ids.get(word)
    if (known !== undefined) return known
    const id = this.#vocabulary.length + this.#further.length
    this.#ids.set(word, id)
    this.#further.push(word)
    return id
  }

  spell = (id: number): string => this.#vocabulary[id] ?? this.#further[id - this.#vocabulary.length]!
}
