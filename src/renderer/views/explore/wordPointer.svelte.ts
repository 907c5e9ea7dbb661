/** Long enough that a held arrow key asks for no word on its way. */
const restMs = 180

/** What click and keyboard do in a list of words: both show one, + sets one against what is shown. */
export class WordPointer<Row extends { word: string }> {
  word = $state<string | null>(null)
  #resting: ReturnType<typeof setTimeout> | undefined
  readonly #show: (row: Row, beside: boolean) => void

  constructor(show: (row: Row, beside: boolean) => void) {
    this.#show = show
  }

  /** Where the row that was pointed at last stands; -1 where it is not among them. */
  indexIn(rows: Row[]): number {
    return rows.findIndex(({ word }) => word === this.word)
  }

  point(row: Row | undefined, by: 'click' | 'key'): void {
    if (!row) return
    this.word = row.word
    clearTimeout(this.#resting)
    if (by === 'click') this.#show(row, false)
    else this.#resting = setTimeout(() => this.#show(row, false), restMs)
  }

  key(event: KeyboardEvent, row: Row | undefined): void {
    if (!row || (event.key !== 'Enter' && event.key !== '+')) return
    event.preventDefault()
    clearTimeout(this.#resting)
    this.#show(row, event.key === '+')
  }
}
